using System.Collections.Concurrent;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Operator.Keys;

/// <summary>The keys of every device, derived once each. Safe for several threads.</summary>
/// <param name="master">The control plane's secret.</param>
/// <param name="epoch">The epoch of the devices' keys.</param>
internal sealed class DeviceKeyRing(MasterKey master, int epoch)
{
    private readonly ConcurrentDictionary<DeviceId, DeviceKeys> keys = new();

    /// <summary>The keys of <paramref name="device"/>.</summary>
    public DeviceKeys Of(DeviceId device) => keys.GetOrAdd(device, static (id, from) => from.master.DeviceKeys(id, from.epoch), (master, epoch));

    /// <summary>Whether <paramref name="payload"/> is the device's own word.</summary>
    public bool IsFrom(DeviceId device, string kind, ReadOnlySpan<byte> payload, string? mac)
    {
        // An unknown device's keys are not kept: names are cheap to make up.
        var known = keys.TryGetValue(device, out var cached) ? cached : master.DeviceKeys(device, epoch);
        var holds = MessageMac.Verify(known.Up, known.Epoch, kind, device, payload, mac);
        if (holds)
        {
            keys.TryAdd(device, known);
        }

        return holds;
    }

    /// <summary>The MAC of what is sent to a device.</summary>
    public string Sign(DeviceId device, string kind, ReadOnlySpan<byte> payload)
    {
        var known = Of(device);
        return MessageMac.Sign(known.Down, known.Epoch, kind, device, payload);
    }

    /// <summary>A device is gone.</summary>
    public void Forget(DeviceId device) => keys.TryRemove(device, out _);
}
