using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Agent.Reconciling;

/// <summary>What work is about: one deployment as one score wants it, or its removal.</summary>
/// <param name="Key">Which deployment.</param>
/// <param name="Uid">The resource's uid.</param>
/// <param name="ScoreDigest">The score.</param>
/// <param name="IsRemoval">Whether it goes.</param>
internal sealed record WorkSubject(DeploymentKey Key, string Uid, Digest ScoreDigest, bool IsRemoval)
{
    /// <summary>A removal is the same whatever its containers were made for: they may differ, and go one by one.</summary>
    public bool Equals(WorkSubject? other) =>
        other is not null && Key == other.Key && IsRemoval == other.IsRemoval && (IsRemoval || (Uid == other.Uid && ScoreDigest == other.ScoreDigest));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key, IsRemoval);

    /// <summary>A deployment that should stand.</summary>
    public static WorkSubject Of(DesiredDeployment deployment) => new(deployment.Key, deployment.Uid, deployment.ScoreDigest, IsRemoval: false);

    /// <summary>A deployment that no manifest names, as its containers' labels tell of it.</summary>
    public static WorkSubject Leftover(DeploymentKey key, ImmutableArray<ObservedContainer> containers)
    {
        var labels = containers.FirstOrDefault()?.Labels ?? ImmutableSortedDictionary<string, string>.Empty;
        var digest = Digest.TryParse(labels.GetValueOrDefault(ContainerLabels.ScoreDigest), out var parsed) ? parsed : Digest.Of([]);
        return new(key, labels.GetValueOrDefault(ContainerLabels.Uid) ?? string.Empty, digest, IsRemoval: true);
    }
}

/// <summary>What became of a deployment's plan.</summary>
/// <param name="Subject">What it was about.</param>
/// <param name="FailedEffect">The effect that failed; null when none did.</param>
/// <param name="Fault">Why; null when all went well, or when it was called off.</param>
/// <param name="Made">The ids of the containers that were made.</param>
internal sealed record WorkResult(WorkSubject Subject, Effect? FailedEffect, Fault? Fault, ImmutableHashSet<string> Made)
{
    /// <summary>Whether it was called off.</summary>
    public bool IsCalledOff { get; init; }
}
