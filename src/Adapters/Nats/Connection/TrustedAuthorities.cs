using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>The authorities that a server's certificate must come from.</summary>
internal static class TrustedAuthorities
{
    /// <summary>All authorities of a whole system are a quarter of it.</summary>
    private const int MaxBytes = 1024 * 1024;

    /// <summary>How certificates are checked: against the authorities of a file, and no others. Null without a file: against the system's.</summary>
    /// <exception cref="NatsConnectException">The file cannot be read, or holds no certificate.</exception>
    [return: NotNullIfNotNull(nameof(file))]
    public static X509ChainPolicy? Policy(string? file)
    {
        if (file is null)
        {
            return null;
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            var text = RegularFile.Read(file, MaxBytes);
            if (text.Length > MaxBytes)
            {
                throw new IOException($"it is larger than {MaxBytes} bytes.");
            }

            policy.CustomTrustStore.ImportFromPem(Encoding.UTF8.GetString(text));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new NatsConnectException(ConnectFailure.Tls, $"The file of certificate authorities {file} cannot be read: {failure.Message}", failure);
        }

        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new NatsConnectException(ConnectFailure.Tls, $"The file of certificate authorities {file} holds no certificate.");
    }
}
