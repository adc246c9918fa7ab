using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Deploy.NatsServers;

/// <summary>A device that may log in with an nkey.</summary>
/// <param name="Device">Who it is.</param>
/// <param name="PublicKey">Its user nkey (<c>U...</c>); the private half never leaves the device.</param>
public sealed record DeviceUser(DeviceId Device, string PublicKey);

/// <summary>The server's certificate.</summary>
/// <param name="CertificateFile">PEM, with its chain.</param>
/// <param name="KeyFile">PEM.</param>
public sealed record ServerTls(string CertificateFile, string KeyFile);

/// <summary>Where devices come in from a network that lets nothing but HTTPS pass.</summary>
/// <param name="Port">The port to listen on, for all addresses that the server listens on.</param>
/// <param name="Tls">The certificate; null where something before the server ends TLS.</param>
public sealed record WebSocketListener(int Port, ServerTls? Tls);

/// <summary>
/// The configuration of a nats-server of a fleet: two accounts, the operator in one, the devices in the other with exact rights each.
/// <see cref="Render"/> is its file's text.
/// </summary>
public sealed record ServerConfig
{
    /// <summary>The address to listen on.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The port to listen on.</summary>
    public required int Port { get; init; }

    /// <summary>What the server calls itself; null for a name of its own making.</summary>
    public string? ServerName { get; init; }

    /// <summary>The folder that JetStream stores in.</summary>
    public required string StoreDirectory { get; init; }

    /// <summary>The most bytes that JetStream keeps on disk; null for three quarters of what is free.</summary>
    public long? MaxFileStoreBytes { get; init; }

    /// <summary>The most bytes that JetStream keeps in memory; null for three quarters of it.</summary>
    public long? MaxMemoryStoreBytes { get; init; }

    /// <summary>The operator's user nkey (<c>U...</c>).</summary>
    public required string OperatorPublicKey { get; init; }

    /// <summary>The devices.</summary>
    public ImmutableArray<DeviceUser> Devices { get; init; } = [];

    /// <summary>Limits of all connections; null for the server's own.</summary>
    public ServerLimits? Limits { get; init; }

    /// <summary>Limits of the devices' account.</summary>
    public AccountLimits DeviceLimits { get; init; } = AccountLimits.None;

    /// <summary>Limits of the control plane's account.</summary>
    public AccountLimits ControlLimits { get; init; } = AccountLimits.None;

    /// <summary>The certificate; null for plain TCP.</summary>
    public ServerTls? Tls { get; init; }

    /// <summary>Where it takes web sockets; null for nowhere.</summary>
    public WebSocketListener? WebSocket { get; init; }

    /// <summary>The servers that it is one of; null where it is alone. Then it needs a <see cref="ServerName"/> of its own.</summary>
    public ServerCluster? Cluster { get; init; }

    /// <summary>The file's text.</summary>
    public string Render()
    {
        var text = new ConfigWriter();
        text.Text("listen", Address(Port));
        if (ServerName is not null)
        {
            text.Text("server_name", ServerName);
        }

        if (Limits is not null)
        {
            WriteLimits(text, Limits);
        }

        WriteTls(text, Tls);
        if (WebSocket is { } webSocket)
        {
            text.Block("websocket", block => WriteWebSocket(block, webSocket));
        }

        if (Cluster is { } cluster)
        {
            text.Block("cluster", block => cluster.Write(block, Address(cluster.Port)));
        }

        text.Block("jetstream", WriteJetStream);
        text.Block("accounts", accounts => accounts.Block(AccountNames.Control, WriteControl).Block(AccountNames.Devices, WriteDevices));
        return text.ToString();
    }

    private static void WriteTls(ConfigWriter text, ServerTls? tls)
    {
        if (tls is not null)
        {
            text.Block("tls", block => block.Text("cert_file", tls.CertificateFile).Text("key_file", tls.KeyFile).Number("timeout", 10));
        }
    }

    private static void WriteLimits(ConfigWriter text, ServerLimits limits) => text
        .Number("max_connections", limits.MaxConnections)
        .Number("max_payload", limits.MaxPayload)
        .Number("max_pending", limits.MaxPending)
        .Text("write_deadline", $"{(long)limits.WriteDeadline.TotalMilliseconds}ms")
        .Block("authorization", block => block.Number("timeout", (long)limits.LoginTimeout.TotalSeconds));

    private static void WriteLimits(ConfigWriter text, AccountLimits limits)
    {
        if (limits != AccountLimits.None)
        {
            text.Block("limits", block => block
                .Number("max_connections", limits.MaxConnections)
                .Number("max_subscriptions", limits.MaxSubscriptions)
                .Number("max_payload", limits.MaxPayload));
        }
    }

    private static string Export(string kind, string subject, string account) =>
        $"{{ {kind}: {ConfigWriter.Quote(subject)}, accounts: [{account}] }}";

    private static string Import(string kind, string subject, string account) =>
        $"{{ {kind}: {{ account: {account}, subject: {ConfigWriter.Quote(subject)} }} }}";

    private static void WriteUser(ConfigWriter text, DeviceUser user)
    {
        var rights = DeviceRights.Of(user.Device);
        text.Item(item => item
            .Text("nkey", user.PublicKey)
            .Block("permissions", permissions => permissions
                .Block("publish", publish => publish.Texts("allow", rights.Publish))
                .Block("subscribe", subscribe => subscribe.Texts("allow", rights.Subscribe))));
    }

    private static void WriteAll(ConfigWriter text, ImmutableArray<string> subjects, Func<string, string> line)
    {
        foreach (var subject in subjects)
        {
            text.Line(line(subject));
        }
    }

    private string Address(int port) => $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{port}";

    private void WriteWebSocket(ConfigWriter text, WebSocketListener listener)
    {
        text.Text("listen", Address(listener.Port));
        if (listener.Tls is null)
        {
            // The server refuses to listen without TLS unless it is told so.
            text.Line("no_tls: true");
        }

        WriteTls(text, listener.Tls);
    }

    private void WriteJetStream(ConfigWriter text) => text
        .Text("store_dir", StoreDirectory)
        .Number("max_file_store", MaxFileStoreBytes)
        .Number("max_memory_store", MaxMemoryStoreBytes);

    private void WriteControl(ConfigWriter text)
    {
        text.Line("jetstream: enabled");
        WriteLimits(text, ControlLimits);
        text.List("users", users => users.Line($"{{ nkey: {ConfigWriter.Quote(OperatorPublicKey)} }}"));
        text.List("exports", exports =>
        {
            WriteAll(exports, SharedSubjects.Services, subject => Export("service", subject, AccountNames.Devices));
            WriteAll(exports, SharedSubjects.ToDevices, subject => Export("stream", subject, AccountNames.Devices));
        });
        text.List("imports", imports => WriteAll(imports, SharedSubjects.FromDevices, subject => Import("stream", subject, AccountNames.Devices)));
    }

    private void WriteDevices(ConfigWriter text)
    {
        WriteLimits(text, DeviceLimits);
        text.List("users", users =>
        {
            foreach (var device in Devices)
            {
                WriteUser(users, device);
            }
        });
        text.List("exports", exports => WriteAll(exports, SharedSubjects.FromDevices, subject => Export("stream", subject, AccountNames.Control)));
        text.List("imports", imports =>
        {
            WriteAll(imports, SharedSubjects.Services, subject => Import("service", subject, AccountNames.Control));
            WriteAll(imports, SharedSubjects.ToDevices, subject => Import("stream", subject, AccountNames.Control));
        });
    }
}
