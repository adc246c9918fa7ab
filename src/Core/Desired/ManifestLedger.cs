using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Retries;

namespace Harmony.Fleet.Core.Desired;

/// <summary>
/// The manifest of one device: what was issued, what the bucket holds, what the device holds, and what is to be done about it. A generation
/// is issued for one content only, and grows only when the content differs or the device would not take it.
/// </summary>
public struct ManifestLedger
{
    /// <summary>Without jitter: what is put for one device at a time needs none.</summary>
    private static readonly BackOff Repeats = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10));

    // Nearly always the bucket and the device hold what was issued, which is the newest that is known: what differs is kept aside.
    private Generation issuedGeneration;
    private KeptDigest issuedDigest;
    private ulong issuedMark;
    private ulong revision;
    private bool isStoredAsIssued;
    private bool isHeldAsIssued;
    private bool isKnownAsIssued;
    private Difference? aside;

    /// <summary>The newest generation that the operator knows to be its own; null for none yet.</summary>
    public Generation? Known
    {
        readonly get => isKnownAsIssued ? issuedGeneration : aside?.Known;
        private set
        {
            isKnownAsIssued = value is not null && !issuedDigest.IsNone && value == issuedGeneration;
            PutAside(aside?.Stored, aside?.Held, isKnownAsIssued ? null : value);
        }
    }

    /// <summary>What the bucket holds, as far as is known.</summary>
    public StoredManifest Stored
    {
        readonly get => isStoredAsIssued ? new(revision, issuedDigest.Value, issuedGeneration) : aside?.Stored ?? StoredManifest.None;
        private set
        {
            (revision, isStoredAsIssued) = (value.Revision, IsIssued(value.Generation, value.Digest));
            PutAside(isStoredAsIssued || value == StoredManifest.None ? null : value, aside?.Held, aside?.Known);
        }
    }

    /// <summary>Whether the device holds what was last issued.</summary>
    public readonly bool IsTaken => isHeldAsIssued || (aside?.Held is { } said && IsIssued(said.Generation, said.Digest));

    /// <summary>Whether the device holds a manifest that is newer than all that is known, and so was made by nobody of whom is known: what it says is known of the device alone.</summary>
    public readonly bool IsStranger => Held is { Generation: { } generation, Digest: { } digest } && !(Known > generation) && !IsForeseen(generation, digest);

    /// <summary>Whether what the bucket holds is what was last issued.</summary>
    public readonly bool IsIssuedAs(StoredManifest seen) => IsIssued(seen.Generation, seen.Digest);

    /// <summary>Whether a manifest of a generation is older than what was issued by this run since: what it says of the device is over.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="term">The operator's term: what is of another one, and stands there while the last issued one is not known to be stored or taken, came after it.</param>
    public readonly bool IsPast(Generation generation, long? term) => !issuedDigest.IsNone && generation < issuedGeneration && (isStoredAsIssued || IsTaken || generation.Term == term);

    /// <summary>Whether no manifest is known, neither an issued nor a stored one.</summary>
    public readonly bool IsEmpty => Known is null;

    /// <summary>The generation that the device holds; null where it holds none, or has not said so.</summary>
    public readonly Generation? HeldGeneration => Held?.Generation;

    private ReportedManifest? Held
    {
        readonly get => isHeldAsIssued ? new(issuedGeneration, issuedDigest.Value, null) : aside?.Held;
        set
        {
            isHeldAsIssued = value is { Refusal: null } said && IsIssued(said.Generation, said.Digest);
            PutAside(aside?.Stored, isHeldAsIssued ? null : value, aside?.Known);
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

    /// <summary>A ledger for the same device, of which nothing is stored any more: how far its generations went is known, and what it said that it holds.</summary>
    public readonly ManifestLedger Anew()
    {
        var anew = default(ManifestLedger);
        anew.Raise(Known);
        anew.Held = Held;
        return anew;
    }

    /// <summary>Decides what is to be done, and remembers what it issues.</summary>
    /// <param name="device">Whose manifest it is.</param>
    /// <param name="entries">What it should say, by namespace and name.</param>
    /// <param name="term">The operator's term.</param>
    /// <param name="now">The time.</param>
    public ManifestStep Decide(DeviceId device, ImmutableArray<ManifestEntry> entries, long term, DateTimeOffset now)
    {
        var wanted = new Content(device, entries);
        var stored = Stored;
        if (Choose(wanted, term) is not { } chosen)
        {
            return new ManifestStep.Stuck(
                $"The device says that it holds generation {Held?.Generation}, which is out of bounds for term {term}: reset its state, or enrol it anew.");
        }

        Issue(chosen);
        Raise(chosen.Generation);
        if (stored.Digest != chosen.Digest || stored.Generation != chosen.Generation)
        {
            return new ManifestStep.Put(chosen.Generation, chosen.Bytes ?? wanted.Write(chosen.Generation), chosen.Digest, stored.Revision, chosen.Why);
        }

        return IsRefused(chosen.Generation) ? Again(chosen.Bytes ?? wanted.Write(chosen.Generation), now) : new ManifestStep.Settled();
    }

    private readonly Choice? Choose(Content wanted, long term)
    {
        if (!IsStranger || Held is not { Generation: { } generation, Digest: { } digest })
        {
            return Continue(wanted, term);
        }

        if (!GenerationRules.IsWithinBounds(term, Known, generation))
        {
            return null;
        }

        // What the device holds may be just what is wanted, for example after everything but the device was lost. Unless its number was given to something else since.
        var same = Make(wanted, generation, "as the device holds it");
        return same.Digest == digest && Known != generation ? same : New(wanted, term, generation, $"past {generation}, which the device holds");
    }

    // The device holds exactly what was issued or stored: no other operator was there.
    private readonly bool IsForeseen(Generation generation, Digest digest) =>
        IsIssued(generation, digest)
        || (Stored is { } stored && stored.Generation == generation && stored.Digest == digest);

    private readonly Choice? Continue(Content wanted, long term)
    {
        if (Known is not { } mine)
        {
            return New(wanted, term, null, "the first one");
        }

        // What was issued is known by its mark: nothing is written, and no digest made, to see that it is settled.
        var mark = ManifestDocument.MarkOf(wanted.Entries);
        if (isKnownAsIssued)
        {
            return issuedMark == mark ? new Choice(mine, null, issuedDigest.Value, mark, "again") : New(wanted, term, mine, "its content differs");
        }

        var same = Make(wanted, mine, "again");
        return Stored is var stored && stored.Generation == mine && stored.Digest == same.Digest ? same : New(wanted, term, mine, "its content differs");
    }

    private static Choice? New(Content wanted, long term, Generation? floor, string why) =>
        GenerationRules.Next(term, floor) is { } next ? Make(wanted, next, why) : null;

    private static Choice Make(Content wanted, Generation generation, string why)
    {
        var bytes = wanted.Write(generation);
        return new(generation, bytes, Digest.Of(bytes), ManifestDocument.MarkOf(wanted.Entries), why);
    }

    // A refusal of an older generation is history. One without a generation may be of any.
    private readonly bool IsRefused(Generation generation) =>
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
        aside = new Difference(aside?.Stored, aside?.Held, aside?.Known, again, now + Repeats.After(again, 1));
        return new ManifestStep.Put(issuedGeneration, bytes, issuedDigest.Value, revision, $"again, because the device refused: {Held!.Value.Refusal!.Reason}");
    }

    private void Issue(Choice chosen)
    {
        if (IsIssued(chosen.Generation, chosen.Digest))
        {
            issuedMark = chosen.Mark;
            return;
        }

        var (stored, held, known) = (Stored, Held, Known);
        (issuedGeneration, issuedDigest, issuedMark) = (chosen.Generation, new KeptDigest(chosen.Digest), chosen.Mark);
        (Stored, Held, Known) = (stored, held, known);
    }

    private readonly bool IsIssued(Generation? generation, Digest? digest) => digest is { } said && issuedDigest.Is(said) && generation == issuedGeneration;

    private void PutAside(StoredManifest? stored, ReportedManifest? held, Generation? known)
    {
        var (again, notBefore) = isHeldAsIssued ? (0, default) : (aside?.Again ?? 0, aside?.NotBefore ?? default);
        aside = stored is null && held is null && known is null && again == 0 ? null : new Difference(stored, held, known, again, notBefore);
    }

    private void Raise(Generation? seen)
    {
        if (seen is { } other && !(Known is { } known && other <= known))
        {
            Known = other;
        }
    }

    /// <summary>What is not as it was issued, and how often it was put again.</summary>
    private sealed record Difference(StoredManifest? Stored, ReportedManifest? Held, Generation? Known, int Again, DateTimeOffset NotBefore);

    /// <summary>What a manifest should say, and whose it is.</summary>
    private readonly record struct Content(DeviceId Device, ImmutableArray<ManifestEntry> Entries)
    {
        public byte[] Write(Generation generation) => ManifestDocument.Write(Device, generation, Entries);
    }

    /// <summary>What the bucket should hold; without its bytes where they are those that were issued.</summary>
    private readonly record struct Choice(Generation Generation, byte[]? Bytes, Digest Digest, ulong Mark, string Why);
}
