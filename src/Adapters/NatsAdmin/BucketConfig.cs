using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Ports.Bus;
using NATS.Client.JetStream.Models;

namespace Harmony.Fleet.Adapters.NatsAdmin;

/// <summary>The stream that a bucket of the fleet is.</summary>
internal static class BucketConfig
{
    /// <summary>What a message may be larger than its value: the headers of a write and its MAC, with room.</summary>
    public const int HeaderAllowance = 512;

    /// <summary>The configuration that <paramref name="settings"/> ask for.</summary>
    public static StreamConfig Of(BucketSettings settings) => new()
    {
        Name = BucketSubjects.Stream(settings.Name),
        Description = settings.Description.Length > 0 ? settings.Description : null,
        Subjects = [AllKeys(settings)],
        Retention = StreamConfigRetention.Limits,
        Storage = settings.InMemory ? StreamConfigStorage.Memory : StreamConfigStorage.File,
        Discard = StreamConfigDiscard.New,
        MaxMsgsPerSubject = 1,
        MaxMsgs = -1,
        MaxBytes = settings.MaxBytes,
        MaxMsgSize = settings.MaxValueBytes + HeaderAllowance,
        MaxConsumers = settings.MaxConsumers,
        NumReplicas = settings.Replicas ?? 1,

        // Message ids are never used here: another device's would swallow a write. The shortest window that servers take keeps nothing of them.
        DuplicateWindow = TimeSpan.FromMilliseconds(100),
        DenyDelete = true,
        AllowRollupHdrs = false,
        AllowDirect = true,
        Republish = settings.RepublishPrefix is { } prefix ? new() { Src = AllKeys(settings), Dest = prefix.TrimEnd('.') + ".>" } : null,
    };

    private static string AllKeys(BucketSettings settings) => BucketSubjects.Key(settings.Name, ">");
}
