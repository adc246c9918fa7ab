using System.Collections.Concurrent;
using System.Collections.Immutable;
using Harmony.Fleet.Agent.Health;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Ports.State;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Scores;

/// <summary>The scores at hand: read once, kept in memory and in the state folder, so that a device starts without a network.</summary>
internal sealed partial class ScoreCache(IAgentStateStore store, DeviceHealth health, ILogger<ScoreCache> logger)
{
    private readonly ConcurrentDictionary<ScoreKey, ScoreState> states = new();

    /// <summary>What is at hand and not kept, by its address.</summary>
    private readonly ConcurrentDictionary<Digest, ReadOnlyMemory<byte>> unkept = new();

    /// <summary>What is known of the score of <paramref name="entry"/>; looks into the state folder at the first time.</summary>
    public async Task<ScoreState> FindAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        var key = ScoreKey.Of(entry);
        if (states.TryGetValue(key, out var known))
        {
            return known;
        }

        var kept = await store.LoadScoreAsync(entry.Address, cancellationToken);
        return states.GetOrAdd(key, kept is null ? new ScoreState.Awaited(null) : ScoreReader.Read(entry, kept));
    }

    /// <summary>Takes what was found on the bus.</summary>
    public async Task<ScoreState> TakeAsync(ManifestEntry entry, ReadOnlyMemory<byte> ciphertext, CancellationToken cancellationToken)
    {
        var state = ScoreReader.Read(entry, ciphertext.Span);
        if (state is not ScoreState.Missing)
        {
            unkept[entry.Address] = ciphertext;
            await KeepAsync(cancellationToken);
        }

        states[ScoreKey.Of(entry)] = state;
        return state;
    }

    /// <summary>Keeps what could not be kept before: while something is not, a start without a network would miss it.</summary>
    /// <returns>Whether all is kept.</returns>
    public async Task<bool> KeepAsync(CancellationToken cancellationToken)
    {
        foreach (var (address, ciphertext) in unkept)
        {
            switch (await store.SaveScoreAsync(address, ciphertext, cancellationToken))
            {
                case SaveOutcome.Saved:
                    unkept.TryRemove(address, out _);
                    break;
                case SaveOutcome.Failed failed when health.Set(HealthFlag.ScoresNotKept, true):
                    LogNotKept(address, failed.Reason); // Once, however often it is tried.
                    break;
            }
        }

        if (!unkept.IsEmpty)
        {
            return false;
        }

        if (health.Set(HealthFlag.ScoresNotKept, false))
        {
            LogKept();
        }

        return true;
    }

    /// <summary>Notes why a score is not here.</summary>
    /// <returns>Whether that is news.</returns>
    public bool Note(ManifestEntry entry, ScoreState why)
    {
        var key = ScoreKey.Of(entry);
        var isNews = !states.TryGetValue(key, out var before) || before != why;
        states[key] = why;
        return isNews;
    }

    /// <summary>Those of <paramref name="entries"/> whose scores are still to be fetched.</summary>
    public ImmutableArray<ManifestEntry> Wanted(ImmutableArray<ManifestEntry> entries) =>
        [.. entries.Where(entry => states.TryGetValue(ScoreKey.Of(entry), out var state) && state is ScoreState.Awaited or ScoreState.Missing)];

    /// <summary>The first of <paramref name="entries"/> whose score the bus does not have, and why; null where it has all.</summary>
    public (ManifestEntry Entry, string Reason)? FirstMissing(ImmutableArray<ManifestEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (states.TryGetValue(ScoreKey.Of(entry), out var state) && state is ScoreState.Missing missing)
            {
                return (entry, missing.Reason);
            }
        }

        return null;
    }

    /// <summary>Lets go of every score but those of <paramref name="entries"/>.</summary>
    public async Task SweepAsync(ImmutableArray<ManifestEntry> entries, CancellationToken cancellationToken)
    {
        var wanted = entries.Select(ScoreKey.Of).ToHashSet();
        foreach (var key in states.Keys.Where(key => !wanted.Contains(key)))
        {
            states.TryRemove(key, out _);
        }

        var addresses = entries.Select(entry => entry.Address).ToHashSet();
        foreach (var address in unkept.Keys.Where(address => !addresses.Contains(address)))
        {
            unkept.TryRemove(address, out _);
        }

        if (await store.SweepScoresAsync(addresses, cancellationToken) is SaveOutcome.Failed failed)
        {
            LogNotSwept(failed.Reason);
        }
    }

    /// <summary>What tells one score from another: where it is, what it should be, and how it opens.</summary>
    private readonly record struct ScoreKey(Digest Address, Digest ScoreDigest, string Key)
    {
        public static ScoreKey Of(ManifestEntry entry) => new(entry.Address, entry.ScoreDigest, Convert.ToBase64String(entry.Key));
    }
}
