using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Tests.Harness.Bus;

/// <summary>What tests do to buckets, and no program may.</summary>
public static class BucketWrites
{
    /// <summary>Stores a value, whatever is there.</summary>
    public static async Task<PutOutcome> PutAsync(this IBucket bucket, string key, ReadOnlyMemory<byte> value, BusHeaders headers, CancellationToken cancellationToken)
    {
        var outcome = await bucket.UpdateAsync(key, value, 0, headers, cancellationToken);
        while (outcome is PutOutcome.Conflict { CurrentRevision: > 0 and var present })
        {
            outcome = await bucket.UpdateAsync(key, value, present, headers, cancellationToken);
        }

        return outcome;
    }
}
