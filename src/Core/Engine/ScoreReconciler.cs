using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Core.Engine;

/// <summary>
/// The scores that deployments name: which of them are known to stand on the bus, and those that nothing names any more. The bucket is listed, and what it does not show
/// is put: nothing is uploaded that stands.
/// </summary>
internal sealed class ScoreReconciler(FleetState state)
{
    private static readonly TimeSpan VerifiedFor = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Since when this process knows stored scores to be named by nothing, so that a restart only prolongs their time; and nothing is removed
    /// while it has not caught up, when it does not know what is named.
    /// </summary>
    private readonly Dictionary<Digest, DateTimeOffset> unnamedSince = [];
    private readonly BackOffSequence failures = new(state.Options.BackOff, state.Random);
    private DateTimeOffset nextList;
    private DateTimeOffset listBegan;
    private bool isListing;
    private bool isOutdated;
    private bool isListed;

    /// <summary>A deployment names this score.</summary>
    public void Hold(SealedScore score)
    {
        if (state.Scores.TryGetValue(score.Address, out var known))
        {
            known.Count++;
            return;
        }

        state.Scores[score.Address] = new ScoreEntry(score.Ciphertext);
        if (isListed)
        {
            state.ScorePuts.Add(score.Address);
        }
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

    /// <summary>The bus may have lost them: none is known to stand until the bucket was listed anew.</summary>
    public void DoubtAll()
    {
        foreach (var known in state.Scores.Values)
        {
            known.Stands = false;
        }

        (isListed, isOutdated, nextList) = (false, true, state.Now);
        failures.Reset();
    }

    /// <summary>A device does not find these: they are looked at, where that was just done a moment later.</summary>
    public void Verify(ImmutableArray<ManifestEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (state.Scores.TryGetValue(entry.Address, out var known))
            {
                known.IsMissed = true;
                state.ScorePuts.AddAt(entry.Address, known.VerifiedAt + VerifiedFor);
            }
        }
    }

    /// <summary>What is to be done about one; null for nothing.</summary>
    public FleetEffect? Put(Digest address) => state.Scores.TryGetValue(address, out var known) && (!known.Stands || known.IsMissed)
        ? new FleetEffect.PutScore(address, known.Ciphertext)
        : null;

    /// <summary>A score stands.</summary>
    public void Stood(Digest address)
    {
        if (state.Scores.TryGetValue(address, out var known))
        {
            (known.IsMissed, known.VerifiedAt) = (false, state.Now);
            Stand(known);
        }
    }

    /// <summary>The look at what is stored, when it is time for it; otherwise null.</summary>
    public FleetEffect? List()
    {
        if (isListing || state.Now < nextList)
        {
            return null;
        }

        (isListing, isOutdated, listBegan) = (true, false, state.Now);
        return new FleetEffect.ListScores();
    }

    /// <summary>What is stored was read, or could not be.</summary>
    /// <returns>Those that have been unnamed for long enough, to be removed. What finds no room is left to the next time.</returns>
    public IEnumerable<FleetEffect> Listed(EffectResult result)
    {
        isListing = false;
        if (result is not EffectResult.ScoresListed { Addresses: var stored })
        {
            nextList = state.Now + failures.Next();
            return [];
        }

        failures.Reset();
        if (isOutdated)
        {
            return []; // The bus may have lost them since it was read.
        }

        nextList = state.Now + (state.Options.ScoreInterval * (0.5 + (state.Random.NextDouble() / 2)));
        isListed = true;
        Compare([.. stored]);
        return state.KnowsAll ? Sweep(stored) : [];
    }

    private void Compare(HashSet<Digest> stored)
    {
        foreach (var (address, known) in state.Scores)
        {
            if (stored.Contains(address))
            {
                Stand(known);
            }
            else if (!known.Stands || known.VerifiedAt <= listBegan)
            {
                known.Stands = false;
                state.ScorePuts.Add(address);
            }
        }
    }

    private IEnumerable<FleetEffect> Sweep(ImmutableArray<Digest> stored)
    {
        var unnamed = stored.Where(address => !state.Scores.ContainsKey(address) && !state.Standing.Names(address)).ToHashSet();
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

    private void Stand(ScoreEntry known)
    {
        known.Stands = true;
        Release(known);
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
