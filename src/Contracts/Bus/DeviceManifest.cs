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

    /// <summary>The deployments, by namespace and name; at most 64. Never left out: a manifest without them would take everything away.</summary>
    public required ImmutableArray<ManifestEntry> Entries { get => field.IsDefault ? [] : field; init; }
}

/// <summary>One deployment of a manifest.</summary>
public sealed record ManifestEntry
{
    /// <summary>The deployment's namespace.</summary>
    public required NamespaceName Namespace { get; init; }

    /// <summary>The deployment's name.</summary>
    public required DeploymentName Name { get; init; }

    /// <summary>The resource's uid: a deployment that was deleted and made anew is another one.</summary>
    public required string Uid { get; init; }

    /// <summary>SHA-256 of the plain score.</summary>
    public required Digest ScoreDigest { get; init; }

    /// <summary>SHA-256 of the encrypted score: its key in the bucket <see cref="BucketNames.Scores"/>.</summary>
    public required Digest Address { get; init; }

    /// <summary>The AES-256-GCM key of the encrypted score: 32 bytes, base64.</summary>
    public required byte[] Key { get; init; }
}
