using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Executors;

/// <summary>Makes sure that the buckets are as they should be, and says what was different.</summary>
internal sealed partial class BucketVerifier(IBusAdmin admin, BucketPlan plan, ILogger<BucketVerifier> logger)
{
    // Kept until it is told: another bucket may not be ready in the same pass, or the pass may fail.
    private volatile bool isAnyNew;

    /// <summary>Ensures all of them.</summary>
    /// <returns>How they were found; that one is new is told when all stand, also where it was made in a pass before.</returns>
    /// <remarks>A bucket with other rules is not used: they guard the devices from each other.</remarks>
    public async Task<BucketsFound> EnsureAsync(CancellationToken cancellationToken)
    {
        var all = true;
        foreach (var settings in plan.Buckets)
        {
            var outcome = await admin.EnsureBucketAsync(settings, cancellationToken);
            isAnyNew |= outcome is EnsureBucketOutcome.Created;
            all &= IsReady(settings.Name, outcome);
        }

        if (!all || !isAnyNew)
        {
            return all ? BucketsFound.AsTheyWere : BucketsFound.NotReady;
        }

        isAnyNew = false;
        return BucketsFound.MadeAnew;
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
