using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Core.Engine;

/// <summary>The scores that deployments name: which of them are known to stand on the bus, and those that nothing names any more.</summary>
internal sealed class ScoreReconciler(FleetState state)
{
    private static readonly TimeSpan VerifiedFor = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Since when this process knows stored scores to be named by nothing, so that a restart only prolongs their time; and nothing is removed
    /// while it has not caught up, when it does not know what is named.
    /// </summary>
    private readonly Dictionary<Digest, DateTimeOffset> unnamedSince = [];
    private DateTimeOffset? nextRound;
    private DateTimeOffset? nextSweep;
    private bool isSweeping;

    /// <summary>A deployment names this score.</summary>
    public void Hold(SealedScore score)
    {
        if (state.Scores.TryGetValue(score.Address, out var known))
        {
            known.Count++;
            return;
        }

        state.Scores[score.Address] = new ScoreEntry(score.Ciphertext);
        state.ScorePuts.Add(score.Address);
    }

    /// <summary>A deployment names this score no more.</summary>
    public void Drop(Digest address)
    {
        if (state.Scores.TryGetValue(address, out var known) && --known.Count == 0)
        {
            state.Scores.Remove(address);
            Release(known);
        }
    }

    /// <summary>A score of <paramref name="entries"/> that is not known to stand; null where all stand.</summary>
    public ScoreEntry? FirstMissing(ImmutableArray<ManifestEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (state.Scores[entry.Address] is { Stands: false } missing)
            {
                return missing;
            }
        }

        return null;
    }

    /// <summary>The bus may have lost them: none is known to stand until it was looked at.</summary>
    public void DoubtAll()
    {
        foreach (var (address, known) in state.Scores)
        {
            known.Stands = false;
            state.ScorePuts.Add(address);
        }
    }

    /// <summary>A device does not find these: they are looked at, unless that was just done.</summary>
    public void Verify(ImmutableArray<ManifestEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (state.Scores.TryGetValue(entry.Address, out var known) && state.Now - known.VerifiedAt > VerifiedFor)
            {
                state.ScorePuts.Add(entry.Address);
            }
        }
    }

    /// <summary>Looks whether it is time to verify all of them.</summary>
    public void Tick()
    {
        nextRound ??= state.Now + state.Options.ResyncInterval;
        if (state.Now >= nextRound)
        {
            nextRound = state.Now + state.Options.ResyncInterval;
            foreach (var address in state.Scores.Keys)
            {
                state.ScorePuts.Add(address);
            }
        }
    }

    /// <summary>What is to be done about one; null for nothing.</summary>
    public FleetEffect? Put(Digest address) => state.Scores.TryGetValue(address, out var known) ? new FleetEffect.PutScore(address, known.Ciphertext) : null;

    /// <summary>A score stands.</summary>
    public void Stood(Digest address)
    {
        if (state.Scores.TryGetValue(address, out var known))
        {
            (known.Stands, known.VerifiedAt) = (true, state.Now);
            Release(known);
        }
    }

    /// <summary>The sweep, when it is time for it; otherwise null.</summary>
    public FleetEffect? Sweep()
    {
        nextSweep ??= state.Now + state.Options.SweepInterval;
        if (isSweeping || state.Now < nextSweep)
        {
            return null;
        }

        (nextSweep, isSweeping) = (state.Now + state.Options.SweepInterval, true);
        return new FleetEffect.ListScores();
    }

    /// <summary>What is stored was read, or could not be.</summary>
    /// <returns>Those that have been unnamed for long enough, to be removed. What finds no room is left to the next sweep.</returns>
    public IEnumerable<FleetEffect> Swept(EffectResult result)
    {
        isSweeping = false;
        if (result is not EffectResult.ScoresListed { Addresses: var stored })
        {
            return [];
        }

        var unnamed = stored.Where(address => !state.Scores.ContainsKey(address) && !state.Frozen.Names(address) && !state.Removals.Names(address)).ToHashSet();
        foreach (var named in unnamedSince.Keys.Where(address => !unnamed.Contains(address)).ToArray())
        {
            unnamedSince.Remove(named);
        }

        foreach (var address in unnamed)
        {
            unnamedSince.TryAdd(address, state.Now);
        }

        return unnamed.Where(address => state.Now - unnamedSince[address] >= state.Options.ScoreGrace).Select(address => new FleetEffect.DeleteScore(address));
    }

    private void Release(ScoreEntry known)
    {
        foreach (var device in known.Waiting)
        {
            state.Manifests.Add(device);
        }

        known.Waiting.Clear();
    }
}
