using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Containers;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>One deployment that should stand on the device.</summary>
/// <param name="Key">Which one.</param>
/// <param name="Uid">The resource's uid.</param>
/// <param name="ScoreDigest">The score that it should stand for.</param>
/// <param name="Containers">What that takes; null while the score is not to be had or not to be used: then what stands of the deployment stays as it is, and is only started where its own policy wants it.</param>
public sealed record DesiredDeployment(DeploymentKey Key, string Uid, Digest ScoreDigest, ImmutableArray<ContainerSpec>? Containers);
