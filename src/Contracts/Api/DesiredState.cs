using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Contracts.Api;

/// <summary>A device's manifest as it stands on the bus, with its scores decrypted.</summary>
public sealed record DesiredState
{
    /// <summary>Whose.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>Its place in the order.</summary>
    public Generation Generation { get; init; }

    /// <summary>SHA-256 of the manifest's bytes.</summary>
    public Digest? Digest { get; init; }

    /// <summary>What should stand there.</summary>
    public ImmutableArray<DesiredEntry> Entries { get => field.IsDefault ? [] : field; init; }
}
