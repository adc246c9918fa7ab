using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Contracts.Bus;

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
