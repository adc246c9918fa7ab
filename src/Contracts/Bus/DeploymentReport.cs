using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Contracts.Bus;

/// <summary>One deployment on one device.</summary>
public sealed record DeploymentReport
{
    /// <summary>The deployment's namespace.</summary>
    public required NamespaceName Namespace { get; init; }

    /// <summary>The deployment's name.</summary>
    public required DeploymentName Name { get; init; }

    /// <summary>The uid that the manifest names.</summary>
    public required string Uid { get; init; }

    /// <summary>The digest of the score that this speaks of.</summary>
    public required Digest ScoreDigest { get; init; }

    /// <summary>How far it is.</summary>
    public required Phase Phase { get; init; }

    /// <summary>Since when it is in this phase, by the device's clock.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>The containers that stand for it.</summary>
    public ImmutableArray<ContainerReport> Containers { get => field.IsDefault ? [] : field; init; }

    /// <summary>What last went wrong, at most 512 bytes; null when nothing has, or it was overcome.</summary>
    public string? LastError { get; init; }
}
