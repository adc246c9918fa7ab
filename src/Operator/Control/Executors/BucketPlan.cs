using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Executors;

/// <summary>The buckets as they should be. A bucket holds one value a key, and keys are devices (or scores), so that the fleet's size bounds each.</summary>
internal static class BucketPlan
{
    private const int MaxHeartbeatBytes = 4 * 1024;
    private const int Consumers = 1024;

    /// <summary>All of them.</summary>
    public static ImmutableArray<BucketSettings> All { get; } =
    [
        Of(BucketNames.DeviceInfo, "Who devices say they are, by device"),
        Of(BucketNames.DeviceState, "What stands on devices, by device"),
        Of(BucketNames.DeviceHeartbeat, "The last sign of life, by device") with { InMemory = true, MaxValueBytes = MaxHeartbeatBytes },
        Of(BucketNames.DesiredState, "What should stand on devices, by device") with { RepublishPrefix = Subjects.LiveDesiredPrefix },
        Of(BucketNames.Scores, "Encrypted scores, by the digest of their ciphertext"),
    ];

    private static BucketSettings Of(string name, string description) =>
        new() { Name = name, Description = description, MaxValueBytes = WireLimits.MaxDocumentBytes, MaxConsumers = Consumers };
}
