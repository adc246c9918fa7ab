using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>TLS towards the server.</summary>
internal static class TlsUpgrade
{
    /// <summary>Shakes hands, and checks the certificate against the host's name and the authorities.</summary>
    /// <param name="stream">The plain stream; owned by the TLS stream from then on.</param>
    /// <param name="host">The name, or address, that the certificate must be for.</param>
    /// <param name="caFile">The only authorities, PEM; null for the system's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="System.Security.Authentication.AuthenticationException">Not to be trusted.</exception>
    /// <exception cref="NatsConnectException">The file of authorities cannot be read.</exception>
    public static async Task<Stream> AuthenticateAsync(Stream stream, string host, string? caFile, CancellationToken cancellationToken)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host };
        if (caFile is not null)
        {
            options.CertificateChainPolicy = Trusting(caFile);
        }

        var tls = new SslStream(stream, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsClientAsync(options, cancellationToken);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private static X509ChainPolicy Trusting(string caFile)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(caFile);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new NatsConnectException(ConnectFailure.Tls, $"The file of certificate authorities {caFile} cannot be read: {failure.Message}", failure);
        }

        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new NatsConnectException(ConnectFailure.Tls, $"The file of certificate authorities {caFile} holds no certificate.");
    }
}
