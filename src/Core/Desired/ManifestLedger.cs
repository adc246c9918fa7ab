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

    // Nearly always the bucket and the device hold what was issued: what differs is kept aside.
    private Generation issuedGeneration;
    private Digest issuedDigest;
    private ulong issuedMark;
    private ulong revision;
    private bool isStoredAsIssued;
    private bool isHeldAsIssued;
    private bool isKnown;
    private Generation known;
    private Difference? aside;

    /// <summary>The newest generation that the operator knows to be its own; null for none yet.</summary>
    public Generation? Known => isKnown ? known : null;

    /// <summary>What the bucket holds, as far as is known.</summary>
    public StoredManifest Stored
    {
        get => isStoredAsIssued ? new(revision, issuedDigest, issuedGeneration) : aside?.Stored ?? StoredManifest.None;
        private set
        {
            (revision, isStoredAsIssued) = (value.Revision, value.Digest is not null && value.Digest == issuedDigest && value.Generation == issuedGeneration);
            PutAside(isStoredAsIssued || value == StoredManifest.None ? null : value, aside?.Held);
        }
    }

    /// <summary>Whether the device holds what was last issued.</summary>
    public bool IsTaken => isHeldAsIssued || (Held is { } said && issuedDigest != default && said.Digest == issuedDigest && said.Generation == issuedGeneration);

    private ReportedManifest? Held
    {
        get => isHeldAsIssued ? new(issuedGeneration, issuedDigest, null) : aside?.Held;
        set
        {
            isHeldAsIssued = value is { Digest: { } digest, Refusal: null } said && digest == issuedDigest && said.Generation == issuedGeneration;
            PutAside(aside?.Stored, isHeldAsIssued ? null : value);
        }
    }

    /// <summary>The bucket was seen to hold this.</summary>
    public void See(StoredManifest seen)
    {
        Stored = seen;
        Raise(seen.Generation);
    }

    /// <summary>The device said this.</summary>
    public void Hear(ReportedManifest said) => Held = said;

    /// <summary>Decides what is to be done, and remembers what it issues.</summary>
    /// <param name="entries">What the manifest should say, by namespace and name.</param>
    /// <param name="term">The operator's term.</param>
    /// <param name="now">The time.</param>
    public ManifestStep Decide(ImmutableArray<ManifestEntry> entries, long term, DateTimeOffset now)
    {
        var stored = Stored;
        if (Choose(entries, term) is not { } chosen)
        {
            return new ManifestStep.Stuck(
                $"The device says that it holds generation {Held?.Generation}, which is out of bounds for term {term}: reset its state, or enrol it anew.");
        }

        Issue(chosen);
        Raise(chosen.Generation);
        if (stored.Digest != chosen.Digest || stored.Generation != chosen.Generation)
        {
            return new ManifestStep.Put(chosen.Generation, chosen.Bytes ?? Write(entries, chosen.Generation), chosen.Digest, stored.Revision, chosen.Why);
        }

        return IsRefused(chosen.Generation) ? Again(chosen.Bytes ?? Write(entries, chosen.Generation), now) : new ManifestStep.Settled();
    }

    private Choice? Choose(ImmutableArray<ManifestEntry> entries, long term)
    {
        if (Held is not { Generation: { } generation, Digest: { } digest } || Known > generation || IsForeseen(generation, digest))
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
        (issuedDigest == digest && issuedGeneration == generation)
        || (Stored is { } stored && stored.Generation == generation && stored.Digest == digest);

    private Choice? Continue(ImmutableArray<ManifestEntry> entries, long term)
    {
        if (Known is not { } mine)
        {
            return New(entries, term, null, "the first one");
        }

        // What was issued is known by its mark: nothing is written, and no digest made, to see that it is settled.
        var mark = ManifestDocument.MarkOf(entries);
        if (issuedDigest != default && issuedGeneration == mine)
        {
            return issuedMark == mark ? new Choice(mine, null, issuedDigest, mark, "again") : New(entries, term, mine, "its content differs");
        }

        var same = Make(entries, mine, "again");
        return Stored is var stored && stored.Generation == mine && stored.Digest == same.Digest ? same : New(entries, term, mine, "its content differs");
    }

    private Choice? New(ImmutableArray<ManifestEntry> entries, long term, Generation? floor, string why) =>
        GenerationRules.Next(term, floor) is { } next ? Make(entries, next, why) : null;

    private Choice Make(ImmutableArray<ManifestEntry> entries, Generation generation, string why)
    {
        var bytes = Write(entries, generation);
        return new(generation, bytes, Digest.Of(bytes), ManifestDocument.MarkOf(entries), why);
    }

    private byte[] Write(ImmutableArray<ManifestEntry> entries, Generation generation) => ManifestDocument.Write(device, generation, entries);

    // A refusal of an older generation is history. One without a generation may be of any.
    private bool IsRefused(Generation generation) =>
        !IsTaken && Held?.Refusal is { Reason: RefusalReason.BadMac or RefusalReason.ScoreMissing or RefusalReason.Stale or RefusalReason.Forked } refusal
        && (refusal.Generation is null || refusal.Generation >= generation);

    // Storing it again publishes it again. The waits double: a device that refuses for ever costs little.
    private ManifestStep Again(byte[] bytes, DateTimeOffset now)
    {
        if (aside is { } before && now < before.NotBefore)
        {
            return new ManifestStep.Later(before.NotBefore);
        }

        var again = (aside?.Again ?? 0) + 1;
        aside = new Difference(aside?.Stored, aside?.Held, again, now + Repeats.After(again, 1));
        return new ManifestStep.Put(issuedGeneration, bytes, issuedDigest, revision, $"again, because the device refused: {Held!.Value.Refusal!.Reason}");
    }

    private void Issue(Choice chosen)
    {
        if (issuedDigest == chosen.Digest && issuedGeneration == chosen.Generation)
        {
            issuedMark = chosen.Mark;
            return;
        }

        var (stored, held) = (Stored, Held);
        (issuedGeneration, issuedDigest, issuedMark) = (chosen.Generation, chosen.Digest, chosen.Mark);
        (Stored, Held) = (stored, held);
    }

    private void PutAside(StoredManifest? stored, ReportedManifest? held)
    {
        var (again, notBefore) = isHeldAsIssued ? (0, default) : (aside?.Again ?? 0, aside?.NotBefore ?? default);
        aside = stored is null && held is null && again == 0 ? null : new Difference(stored, held, again, notBefore);
    }

    private void Raise(Generation? seen)
    {
        if (seen is { } other && !(isKnown && other <= known))
        {
            (isKnown, known) = (true, other);
        }
    }

    /// <summary>What is not as it was issued, and how often it was put again.</summary>
    private sealed record Difference(StoredManifest? Stored, ReportedManifest? Held, int Again, DateTimeOffset NotBefore);

    /// <summary>What the bucket should hold; without its bytes where they are those that were issued.</summary>
    private readonly record struct Choice(Generation Generation, byte[]? Bytes, Digest Digest, ulong Mark, string Why);
}
