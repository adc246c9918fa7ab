using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Desired;

/// <summary>The bytes of a manifest. The same device, generation and entries always give the same bytes: what was lost can be put again as it was.</summary>
public static class ManifestDocument
{
    /// <summary>Writes a manifest.</summary>
    /// <param name="device">Whose.</param>
    /// <param name="generation">Its place in the order.</param>
    /// <param name="entries">The deployments, by namespace and name.</param>
    public static byte[] Write(DeviceId device, Generation generation, ImmutableArray<ManifestEntry> entries) => JsonSerializer.SerializeToUtf8Bytes(
        new DeviceManifest { Device = device, Generation = generation, Entries = entries }, ContractsJson.Bus.DeviceManifest);
}
