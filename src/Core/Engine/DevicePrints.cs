using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Devices;

namespace Harmony.Fleet.Core.Engine;

/// <summary>Tells whether what is known of a device, and belongs into its resource, is what it was: nothing of it is held for that. For one owner.</summary>
internal sealed class DevicePrints
{
    private readonly FingerprintBuilder builder = new();

    /// <summary>Of what a device is made of, where a text that is missing and one that is empty are the same; none where it is not known.</summary>
    public Fingerprint Of(Inventory? made) => made is null ? Fingerprint.None : builder
        .Add(made.Hostname).Add(made.Architecture).Add(made.Model).Add(made.OperatingSystem).Add(made.Kernel)
        .Add(made.MemoryBytes).Add(made.DiskBytes).Add(made.Cpus).Add(made.PodmanVersion)
        .Finish();

    /// <summary>Of all that is known of a device and belongs into its resource, whatever that says now.</summary>
    public Fingerprint Of(DeviceEntry entry, bool isReachable)
    {
        builder.Add((long)entry.InventoryPrint.Bits).Add(entry.IsHealthKnown).Add(entry.AgentVersion).Add(entry.Reported).Add(entry.Administrators);
        builder.Add(isReachable ? 0 : entry.LastSeen?.UtcTicks ?? 0);
        foreach (var condition in DeviceConditions.Next([], entry, isReachable, DateTimeOffset.UnixEpoch))
        {
            builder.Add(condition.Type).Add((long)condition.Status).Add(condition.Reason).Add(condition.Message);
        }

        return builder.Finish();
    }
}
