using System.Collections.Immutable;
using System.Globalization;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Selectors;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Core.Validation;
using Harmony.Fleet.Operator.Options;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Recovery;

/// <summary>
/// Takes back into the store what stands on devices: the same uid and the same score, to the byte, so that manifests say of it what they said before
/// and no container moves. Whatever would change one is refused.
/// </summary>
internal sealed class Adoption(IBus bus, IResourceStore store, OperatorOptions options, TimeProvider time)
{
    /// <summary>When a Deployment was taken back.</summary>
    public const string Annotation = ApiGroup.LabelPrefix + "adopted";

    /// <summary>The most devices that a selector can name one by one.</summary>
    public const int MaxNamed = 256;

    private const int MaxTold = 5;

    /// <summary>Adopts one.</summary>
    /// <param name="lost">What is known of it.</param>
    /// <param name="selector">Which devices it is to be for; null for exactly those that have it.</param>
    /// <param name="labels">The labels of each known device, for a selector.</param>
    /// <param name="cancellationToken">Heeded until it is written.</param>
    /// <returns>Null where it stands in the store; or why it does not.</returns>
    public async Task<string?> AdoptAsync(LostOne lost, LabelSelector? selector, IReadOnlyDictionary<string, LabelSet> labels, CancellationToken cancellationToken)
    {
        if (Differences(lost) is { } differences)
        {
            return differences;
        }

        var target = selector is null ? Exactly(lost) : Covering(lost, selector, labels);
        if (!target.IsOk)
        {
            return target.Fault.ToString();
        }

        var score = await ScoreAsync(lost.Entries[0].Entry, cancellationToken);
        return score.IsOk ? await RestoreAsync(Rebuilt(lost, target.Value, score.Value), cancellationToken) : score.Fault.ToString();
    }

    private static string? Differences(LostOne lost)
    {
        var digests = lost.Entries.Select(one => one.Entry.ScoreDigest).Distinct().Count();
        return lost.Entries.IsEmpty ? "no manifest on the bus names it, so that its score is not known: drop it, or apply it again"
            : lost.Uids.Length > 1 ? $"devices know it by {lost.Uids.Length} uids, of which all but one would be made anew: apply it again, or drop it"
            : digests > 1 ? $"devices have {digests} versions of it, of which all but one would be made anew: apply the one that is meant"
            : null;
    }

    // By what names the device itself, which nobody else can set: the labels that the lost selector was made of may have been lost with it.
    private static Outcome<LabelSelector> Exactly(LostOne lost) => lost.Entries.Length > MaxNamed
        ? Fault.Permanent($"{lost.Entries.Length} devices have it, and a selector names at most {MaxNamed} one by one: give one with --selector that matches all of them")
        : new LabelSelector
        {
            MatchExpressions = [new() { Key = ApiGroup.DeviceIdLabel, Operator = "In", Values = [.. lost.Entries.Select(one => one.Device.Value).Order(StringComparer.Ordinal)] }],
        };

    private static Outcome<LabelSelector> Covering(LostOne lost, LabelSelector selector, IReadOnlyDictionary<string, LabelSet> labels)
    {
        var compiled = ((SelectorOutcome.Compiled)Selector.TryCompile(selector)).Selector;
        ImmutableArray<string> missed =
            [.. lost.Entries.Select(one => one.Device.Value).Where(device => !labels.TryGetValue(device, out var has) || !compiled.Matches(has))];
        return missed.IsEmpty
            ? selector
            : Fault.Permanent($"the selector {compiled} does not match {Told(missed)}, where its containers would be removed: give one that matches every device that has it");
    }

    private static string Told(ImmutableArray<string> devices) =>
        string.Join(", ", devices.Take(MaxTold)) + (devices.Length > MaxTold ? $" and {devices.Length - MaxTold} more" : string.Empty);

    private async Task<Outcome<ReconcileScore>> ScoreAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        switch (await bus.Bucket(BucketNames.Scores).GetAsync(entry.Address.Value, cancellationToken))
        {
            case GetOutcome.Found found:
                return Open(entry, found.Entry.Value.Span);
            case GetOutcome.Missing:
                return Fault.Permanent("its score is not on the bus any more: apply it again");
            case GetOutcome.Unavailable away:
                return Fault.Unreachable(away.Reason);
            case var other:
                throw new InvalidOperationException($"The outcome {other} is not handled.");
        }
    }

    private Outcome<ReconcileScore> Open(ManifestEntry entry, ReadOnlySpan<byte> ciphertext)
    {
        if (ScoreSealer.Open(entry, ciphertext) is UnsealOutcome.Refused refused)
        {
            return Fault.Permanent(refused.Reason);
        }

        var plain = ((UnsealOutcome.Opened)ScoreSealer.Open(entry, ciphertext)).Plain;
        if (CanonicalScore.Parse(plain) is not ScoreParseOutcome.Parsed { Score: var score })
        {
            return Fault.Permanent("another version of the operator wrote its score, which this one cannot read whole: adopt it with that version, or apply it again");
        }

        var again = ScoreSealer.Seal(options.MasterKey, CanonicalScore.ToBytes(score));
        return again.ScoreDigest == entry.ScoreDigest && again.Address == entry.Address
            ? score
            : Fault.Permanent("this version of the operator would write its score in other bytes, and its containers would be made anew: apply it again");
    }

    private Deployment Rebuilt(LostOne lost, LabelSelector selector, ReconcileScore score) => new()
    {
        Metadata = new()
        {
            Name = lost.Key.Name.Value,
            Namespace = lost.Key.Namespace.Value,
            Uid = lost.Uids[0],
            Finalizers = [ApiGroup.ManifestFinalizer],
            Annotations = ImmutableSortedDictionary<string, string>.Empty.Add(Annotation, time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)),
        },
        Spec = new() { TargetSelector = selector, Score = score },
    };

    private async Task<string?> RestoreAsync(Deployment deployment, CancellationToken cancellationToken) => DeploymentValidator.Validate(deployment) is { IsEmpty: false } errors
        ? $"what stands is invalid by the rules of this version: {string.Join("; ", errors.Take(MaxTold))}"
        : await store.RestoreAsync(ResourceTypes.Deployments, deployment, cancellationToken) switch
        {
            StoreOutcome<Deployment>.Ok => null,
            StoreOutcome<Deployment>.AlreadyExists => "it was applied again in between",
            StoreOutcome<Deployment>.Conflict conflict => conflict.Reason,
            StoreOutcome<Deployment>.Invalid invalid => invalid.Reason,
            StoreOutcome<Deployment>.Unavailable away => away.Reason,
            var other => throw new InvalidOperationException($"The outcome {other} is not handled."),
        };
}
