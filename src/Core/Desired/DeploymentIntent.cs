using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Core.Desired;

/// <summary>A valid Deployment, as far as the fleet's model needs it.</summary>
/// <param name="Key">Which.</param>
/// <param name="CreatedAt">When the resource was created: where too many match a device, the oldest have their place.</param>
/// <param name="Selector">Which devices.</param>
/// <param name="Entry">What their manifests say.</param>
public sealed record DeploymentIntent(DeploymentKey Key, DateTimeOffset CreatedAt, Selector Selector, ManifestEntry Entry);
