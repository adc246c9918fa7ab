using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Executors;

/// <summary>The buckets as they should be. A bucket holds one value a key, and keys are devices (or scores), so that the fleet's size bounds each.</summary>
/// <param name="replicas">How many servers hold each; null for one, whatever an administrator made of it.</param>
internal sealed class BucketPlan(int? replicas)
{
    private const int MaxHeartbeatBytes = 4 * 1024;
    private const int Consumers = 1024;

    /// <summary>All of them.</summary>
    public ImmutableArray<BucketSettings> Buckets { get; } =
    [
        Of(BucketNames.DeviceInfo, "Who devices say they are, by device", replicas),
        Of(BucketNames.DeviceState, "What stands on devices, by device", replicas),
        Of(BucketNames.DeviceHeartbeat, "The last sign of life, by device", replicas) with { InMemory = true, MaxValueBytes = MaxHeartbeatBytes },
        Of(BucketNames.DesiredState, "What should stand on devices, by device", replicas) with { RepublishPrefix = Subjects.LiveDesiredPrefix },
        Of(BucketNames.Scores, "Encrypted scores, by the digest of their ciphertext", replicas),
    ];

    private static BucketSettings Of(string name, string description, int? replicas) =>
        new() { Name = name, Description = description, MaxValueBytes = WireLimits.MaxDocumentBytes, MaxConsumers = Consumers, Replicas = replicas };
}
