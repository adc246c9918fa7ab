using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Retries;

namespace Harmony.Fleet.Core.Desired;

/// <summary>
/// The manifest of one device: what was issued, what the bucket holds, what the device holds, and what is to be done about it. A generation
/// is issued for one content only, and grows only when the content differs or the device would not take it.
/// </summary>
public sealed class ManifestLedger(DeviceId device)
{
    /// <summary>Without jitter: what is put for one device at a time needs none.</summary>
    private static readonly BackOff Repeats = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10));

    private (Generation Generation, Digest Digest)? issued;
    private StoredManifest stored;
    private ReportedManifest? held;
    private int again;
    private DateTimeOffset againNotBefore;

    /// <summary>The newest generation that the operator knows to be its own; null for none yet.</summary>
    public Generation? Known { get; private set; }

    /// <summary>What the bucket holds, as far as is known.</summary>
    public StoredManifest Stored => stored;

    /// <summary>Whether the device holds what was last issued.</summary>
    public bool IsTaken => issued is { } mine && held is { } said && said.Generation == mine.Generation && said.Digest == mine.Digest;

    /// <summary>The bucket was seen to hold this.</summary>
    public void See(StoredManifest seen)
    {
        // The same text twice would be kept for each device.
        stored = seen.Digest is { } digest && issued is { } mine && mine.Digest == digest ? seen with { Digest = mine.Digest } : seen;
        Raise(seen.Generation);
    }

    /// <summary>The device said this.</summary>
    public void Hear(ReportedManifest said)
    {
        held = said;
        if (IsTaken && said.Refusal is null)
        {
            again = 0;
        }
    }

    /// <summary>Decides what is to be done, and remembers what it issues.</summary>
    /// <param name="entries">What the manifest should say, by namespace and name.</param>
    /// <param name="term">The operator's term.</param>
    /// <param name="now">The time.</param>
    public ManifestStep Decide(ImmutableArray<ManifestEntry> entries, long term, DateTimeOffset now)
    {
        if (Choose(entries, term) is not { } chosen)
        {
            return new ManifestStep.Stuck(
                $"The device says that it holds generation {held?.Generation}, which is out of bounds for term {term}: reset its state, or enrol it anew.");
        }

        issued = (chosen.Generation, chosen.Digest);
        Raise(chosen.Generation);
        if (stored.Digest != chosen.Digest || stored.Generation != chosen.Generation)
        {
            return new ManifestStep.Put(chosen.Generation, chosen.Bytes, chosen.Digest, stored.Revision, chosen.Why);
        }

        return IsRefused(chosen.Generation) ? Again(chosen, now) : new ManifestStep.Settled();
    }

    private Choice? Choose(ImmutableArray<ManifestEntry> entries, long term)
    {
        if (held is not { Generation: { } generation, Digest: { } digest } || Known > generation || IsForeseen(generation, digest))
        {
            return Continue(entries, term);
        }

        if (!GenerationRules.IsWithinBounds(term, Known, generation))
        {
            return null;
        }

        // What the device holds may be just what is wanted, for example after everything but the device was lost.
        var same = Make(entries, generation, "as the device holds it");
        return same.Digest == digest ? same : New(entries, term, generation, $"past {generation}, which the device holds");
    }

    // The device holds exactly what was issued or stored: no other operator was there.
    private bool IsForeseen(Generation generation, Digest digest) =>
        (issued is { } mine && mine.Generation == generation && mine.Digest == digest)
        || (stored.Generation == generation && stored.Digest == digest);

    private Choice? Continue(ImmutableArray<ManifestEntry> entries, long term)
    {
        if (Known is not { } known)
        {
            return New(entries, term, null, "the first one");
        }

        var same = Make(entries, known, "again");
        var isSame = issued?.Generation == known ? issued?.Digest == same.Digest : stored.Generation == known && stored.Digest == same.Digest;
        return isSame ? same : New(entries, term, known, "its content differs");
    }

    private Choice? New(ImmutableArray<ManifestEntry> entries, long term, Generation? floor, string why) =>
        GenerationRules.Next(term, floor) is { } next ? Make(entries, next, why) : null;

    private Choice Make(ImmutableArray<ManifestEntry> entries, Generation generation, string why)
    {
        var bytes = ManifestDocument.Write(device, generation, entries);
        return new(generation, bytes, Digest.Of(bytes), why);
    }

    // A refusal of an older generation is history. One without a generation may be of any.
    private bool IsRefused(Generation generation) =>
        !IsTaken && held?.Refusal is { Reason: RefusalReason.BadMac or RefusalReason.ScoreMissing or RefusalReason.Stale or RefusalReason.Forked } refusal
        && (refusal.Generation is null || refusal.Generation >= generation);

    // Storing it again publishes it again. The waits double: a device that refuses for ever costs little.
    private ManifestStep Again(Choice chosen, DateTimeOffset now)
    {
        if (now < againNotBefore)
        {
            return new ManifestStep.Later(againNotBefore);
        }

        againNotBefore = now + Repeats.After(++again, 1);
        return new ManifestStep.Put(chosen.Generation, chosen.Bytes, chosen.Digest, stored.Revision, $"again, because the device refused: {held!.Refusal!.Reason}");
    }

    private void Raise(Generation? seen) => Known = Known is { } known && seen is { } other && other <= known ? known : seen ?? Known;

    private sealed record Choice(Generation Generation, byte[] Bytes, Digest Digest, string Why);
}
