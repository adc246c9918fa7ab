using System.Collections.Immutable;

namespace Harmony.Fleet.Core.Engine;

/// <summary>A deployment that devices run and the store has lost.</summary>
/// <param name="Uids">By which uids manifests name it.</param>
/// <param name="Since">When this engine found out.</param>
public sealed record LostDeployment(ImmutableArray<string> Uids, DateTimeOffset Since);
