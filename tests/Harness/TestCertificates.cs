using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Harmony.Fleet.Tests.Harness;

/// <summary>An authority of a test's own, and a server's certificate by it, which it may show other servers, too; as PEM files.</summary>
public sealed class TestCertificates
{
    public TestCertificates(Func<string, string> file, bool forThisHost = true)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=Test Authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        // TLS compares them with the machine's clock.
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var authorityCertificate = authority.CreateSelfSigned(from, to);

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=nats", serverKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(forThisHost ? "localhost" : "elsewhere.example");
        if (forThisHost)
        {
            names.AddIpAddress(IPAddress.Loopback);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var server = request.Create(authorityCertificate, from, to, [1, 2, 3, 4]);

        CaFile = file("ca.pem");
        CertificateFile = file("server.pem");
        KeyFile = file("server.key");
        File.WriteAllText(CaFile, authorityCertificate.ExportCertificatePem());
        File.WriteAllText(CertificateFile, server.ExportCertificatePem());
        File.WriteAllText(KeyFile, serverKey.ExportPkcs8PrivateKeyPem());
    }

    public string CaFile { get; }

    public string CertificateFile { get; }

    public string KeyFile { get; }

    /// <summary>The server's <c>tls</c> block.</summary>
    public string Config(string more = "") => $"tls {{\n cert_file: \"{CertificateFile}\"\n key_file: \"{KeyFile}\"\n {more}\n}}\n";
}
