using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Scores;

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

/// <summary>One deployment of a device's manifest. Without its key: that is the device's alone.</summary>
public sealed record DesiredEntry
{
    /// <summary>The deployment's namespace.</summary>
    public required NamespaceName Namespace { get; init; }

    /// <summary>The deployment's name.</summary>
    public required DeploymentName Name { get; init; }

    /// <summary>The deployment's uid.</summary>
    public string Uid { get => field ?? string.Empty; init; }

    /// <summary>SHA-256 of the plain score.</summary>
    public required Digest ScoreDigest { get; init; }

    /// <summary>The score's key in its bucket.</summary>
    public required Digest Address { get; init; }

    /// <summary>The score; null where it cannot be opened.</summary>
    public ReconcileScore? Score { get; init; }

    /// <summary>Why the score cannot be opened; null where it can.</summary>
    public string? Error { get; init; }
}
