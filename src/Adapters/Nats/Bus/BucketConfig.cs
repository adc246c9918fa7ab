using Harmony.Fleet.Adapters.Nats.Accounts;
using Harmony.Fleet.Adapters.Nats.JetStream;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Adapters.Nats.Bus;

/// <summary>The stream that a bucket of the fleet is.</summary>
internal static class BucketConfig
{
    /// <summary>What a message may be larger than its value: the headers of a write and its MAC, with room.</summary>
    public const int HeaderAllowance = 512;

    // Message ids are never used here: another device's would swallow a write. The shortest window that servers take keeps nothing of them.
    private const long DuplicateWindow = 100_000_000;

    /// <summary>The configuration that <paramref name="settings"/> ask for.</summary>
    public static StreamConfig Of(BucketSettings settings) => new()
    {
        Name = BucketSubjects.Stream(settings.Name),
        Description = settings.Description.Length > 0 ? settings.Description : null,
        Subjects = [AllKeys(settings)],
        Retention = "limits",
        Storage = settings.InMemory ? StreamConfig.MemoryStorage : StreamConfig.FileStorage,
        Discard = "new",
        MaxMsgsPerSubject = 1,
        MaxMsgs = -1,
        MaxBytes = settings.MaxBytes,
        MaxMsgSize = settings.MaxValueBytes + HeaderAllowance,
        MaxConsumers = settings.MaxConsumers,
        NumReplicas = 1,
        DuplicateWindow = DuplicateWindow,
        DenyDelete = true,
        AllowRollupHdrs = false,
        AllowDirect = true,
        Republish = settings.RepublishPrefix is { } prefix ? new Republish(AllKeys(settings), prefix.TrimEnd('.') + ".>") : null,
    };

    private static string AllKeys(BucketSettings settings) => BucketSubjects.Key(settings.Name, ">");
}
