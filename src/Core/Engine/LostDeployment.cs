using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Engine;

/// <summary>A deployment that devices run and the store has lost.</summary>
/// <param name="Uids">By which uids manifests, or devices, name it.</param>
/// <param name="Since">When this engine found out.</param>
/// <param name="SaidBy">The devices that say so, and whose manifests are not known.</param>
/// <param name="IsClaim">Whether one device alone says so, and no known manifest names it: that is told of this device, and not of the fleet.</param>
public sealed record LostDeployment(ImmutableArray<string> Uids, DateTimeOffset Since, ImmutableArray<DeviceId> SaidBy, bool IsClaim);
