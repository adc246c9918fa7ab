namespace Harmony.Fleet.Adapters.Nats.Accounts;

/// <summary>The server's certificate.</summary>
/// <param name="CertificateFile">PEM, with its chain.</param>
/// <param name="KeyFile">PEM.</param>
public sealed record ServerTls(string CertificateFile, string KeyFile);
