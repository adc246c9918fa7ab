using System.Collections.Immutable;

namespace Harmony.Fleet.Deploy.NatsServers;

/// <summary>How a server and its peers are one cluster. Who comes in by a route is trusted with every account: only who knows the secret does.</summary>
public sealed record ServerCluster
{
    private const string User = "route";

    /// <summary>What they are called together.</summary>
    public required string Name { get; init; }

    /// <summary>The port for the others, on the address that the server listens on.</summary>
    public required int Port { get; init; }

    /// <summary>What they show each other: letters and digits.</summary>
    public required string Secret { get; init; }

    /// <summary>Where the others are: <c>host:port</c>. The server itself may be among them.</summary>
    public required ImmutableArray<string> Peers { get; init; }

    /// <summary>The certificate for routes, and who vouches for the others'; null for plain TCP, which is for one machine alone.</summary>
    public RouteTls? Tls { get; init; }

    /// <summary>Never the secret.</summary>
    public override string ToString() => $"ServerCluster {{ Name = {Name}, Port = {Port}, Secret = *** }}";

    internal void Write(ConfigWriter text, string listen)
    {
        text.Text("name", Name)
            .Text("listen", listen)
            .Block("authorization", block => block.Text("user", User).Text("password", Secret).Number("timeout", 5))
            .Texts("routes", Peers.Select(peer => $"nats-route://{User}:{Secret}@{peer}"));
        if (Tls is { } tls)
        {
            text.Block("tls", block => block
                .Text("cert_file", tls.CertificateFile).Text("key_file", tls.KeyFile).Text("ca_file", tls.AuthorityFile).Line("verify: true").Number("timeout", 10));
        }
    }
}

/// <summary>The certificate of a server's routes: both sides show one, and check the other's.</summary>
/// <param name="CertificateFile">PEM, with its chain.</param>
/// <param name="KeyFile">PEM.</param>
/// <param name="AuthorityFile">PEM of who vouches for the others.</param>
public sealed record RouteTls(string CertificateFile, string KeyFile, string AuthorityFile);
