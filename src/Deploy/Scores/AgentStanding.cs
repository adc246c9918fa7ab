using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Deploy.Scores;

/// <summary>A device that is reachable.</summary>
/// <param name="Device">Who it is.</param>
/// <param name="PodmanSocket">The socket of its podman.</param>
public sealed record AgentStanding(DeviceId Device, string PodmanSocket);
