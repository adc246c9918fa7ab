using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Operator.Control.Deployments;

/// <summary>What became of a write to a Deployment.</summary>
/// <param name="IsDone">Whether it need not be tried again.</param>
/// <param name="Resource">As it is stored now, where that is known.</param>
internal readonly record struct DeploymentWrite(bool IsDone, Deployment? Resource);
