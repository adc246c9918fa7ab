namespace Harmony.Fleet.Deploy.Configs;

/// <summary>How an operator or an agent reaches NATS.</summary>
/// <param name="Url"><c>nats://host:port</c>.</param>
/// <param name="NkeySeedFile">The file with its nkey seed.</param>
/// <param name="CaFile">PEM of the authorities to trust; null for the system's.</param>
internal sealed record NatsConfig(string Url, string NkeySeedFile, string? CaFile = null);
