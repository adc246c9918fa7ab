namespace Harmony.Fleet.Deploy.Configs;

/// <summary>How an agent reaches podman.</summary>
/// <param name="Socket">The service's socket.</param>
internal sealed record PodmanConfig(string Socket);
