using Harmony.Fleet.Core.Aggregation;

namespace Harmony.Fleet.Core.Desired;

/// <summary>A deployment that matches a device, and how it was last counted.</summary>
internal readonly record struct Pair(DeploymentNode Deployment, Verdict Counted);
