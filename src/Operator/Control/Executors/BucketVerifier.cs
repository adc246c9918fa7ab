using System.Collections.Immutable;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Executors;

/// <summary>Makes sure that the buckets are as they should be, and says what was different.</summary>
internal sealed partial class BucketVerifier(IBusAdmin admin, BucketPlan plan, ILogger<BucketVerifier> logger)
{
    // Kept until they are told: another bucket may not be ready in the same pass, or the pass may fail. Passes for two connections may overlap.
    private ImmutableHashSet<string> anew = [];
    private ImmutableHashSet<string> corrected = [];

    /// <summary>Ensures all of them.</summary>
    /// <returns>How they were found; that one is new, or had other rules, is told when all stand, also where it was made or put right in a pass before.</returns>
    /// <remarks>A bucket with other rules is not used: they guard the devices from each other.</remarks>
    public async Task<EffectResult.BucketsEnsured> EnsureAsync(CancellationToken cancellationToken)
    {
        var all = true;
        foreach (var settings in plan.Buckets)
        {
            var outcome = await admin.EnsureBucketAsync(settings, cancellationToken);
            all &= IsReady(settings.Name, outcome);
            if (outcome is EnsureBucketOutcome.Created)
            {
                ImmutableInterlocked.Update(ref anew, names => names.Add(settings.Name));
            }
            else if (outcome is EnsureBucketOutcome.Corrected or EnsureBucketOutcome.Mismatch) // Of a mismatch, all that can be put right is.
            {
                ImmutableInterlocked.Update(ref corrected, names => names.Add(settings.Name));
            }
        }

        return !all ? new(BucketsFound.NotReady) : new(Interlocked.Exchange(ref anew, []).IsEmpty ? BucketsFound.AsTheyWere : BucketsFound.MadeAnew)
        {
            Corrected = [.. Interlocked.Exchange(ref corrected, []).Order(StringComparer.Ordinal)],
        };
    }

    private bool IsReady(string bucket, EnsureBucketOutcome outcome)
    {
        switch (outcome)
        {
            case EnsureBucketOutcome.Verified:
                return true;
            case EnsureBucketOutcome.Created:
                LogCreated(logger, bucket);
                return true;
            case EnsureBucketOutcome.Corrected corrected:
                LogCorrected(logger, bucket, string.Join("; ", corrected.Differences));
                return true;
            case EnsureBucketOutcome.Mismatch mismatch:
                LogMismatch(logger, bucket, string.Join("; ", mismatch.Differences), mismatch.Reason);
                return false;
            case EnsureBucketOutcome.Unavailable away:
                LogUnavailable(logger, bucket, away.Reason);
                return false;
            default:
                throw new InvalidOperationException($"The outcome {outcome} is not handled.");
        }
    }
}
