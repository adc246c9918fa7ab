using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Contracts.Bus;

/// <summary>Everything that should stand on one device. What is not in it should not stand there.</summary>
public sealed record DeviceManifest
{
    /// <summary><see cref="BusVersion.V1"/>.</summary>
    public string ApiVersion { get => field ?? BusVersion.V1; init; }

    /// <summary>Whose manifest it is.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>Its place in the order; the device refuses older ones.</summary>
    public required Generation Generation { get; init; }

    /// <summary>The deployments, by namespace and name; at most 64.</summary>
    public ImmutableArray<ManifestEntry> Entries { get => field.IsDefault ? [] : field; init; }
}
