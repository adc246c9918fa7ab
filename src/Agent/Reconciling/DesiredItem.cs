using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Agent.Reconciling;

/// <summary>One deployment of the manifest.</summary>
/// <param name="Deployment">What should stand.</param>
/// <param name="Problem">Why nothing can be done for it; null when something can.</param>
internal sealed record DesiredItem(DesiredDeployment Deployment, PhaseVerdict? Problem);
