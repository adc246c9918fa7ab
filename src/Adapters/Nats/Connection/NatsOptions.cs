using System.Buffers;
using System.Collections.Immutable;
using Harmony.Fleet.Adapters.Nats.Credentials;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>How to connect to NATS, and how to use it.</summary>
public sealed record NatsOptions
{
    /// <summary>The buffers of who moves much: with smaller ones many reads at once are a sixth slower.</summary>
    public const int LargeBufferBytes = 64 * 1024;

    private static readonly SearchValues<char> _noPrefix = SearchValues.Create(" \t\r\n*>");

    /// <summary>
    /// The servers, <c>nats://host:port</c> or <c>tls://host:port</c>, or where only HTTPS passes <c>wss://host:port</c> (<c>ws://</c> without TLS); tried in
    /// turn. Without user names: those belong into <see cref="Login"/>.
    /// </summary>
    public required ImmutableArray<Uri> Servers { get; init; }

    /// <summary>Whether it begins with any of the servers, and not with the first: so that a fleet's connections spread over a cluster.</summary>
    public bool StartsAnywhere { get; init; }

    /// <summary>What the server's logs call this client.</summary>
    public string Name { get; init; } = "harmony-fleet";

    /// <summary>Who we are.</summary>
    public NatsLogin Login { get; init; } = NatsLogin.None;

    /// <summary>PEM file of the only authorities to trust for the server's certificate; null for the system's. Naming one demands TLS, and so does a <c>tls://</c> or <c>wss://</c> address.</summary>
    public string? CaFile { get; init; }

    /// <summary>The first tokens of inbox subjects. A device must use <c>_INBOX_&lt;device&gt;</c>.</summary>
    public string InboxPrefix { get; init; } = "_INBOX";

    /// <summary>The longest that one attempt to connect takes, login included.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the server is pinged.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>After how many intervals without an answer the peer is taken for dead.</summary>
    public int MaxPingsOut { get; init; } = 2;

    /// <summary>How long the kernel waits for sent bytes to be acknowledged before it declares the peer dead (a half-open connection).</summary>
    public TimeSpan UnacknowledgedTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The ceiling of the first wait before a reconnect; it doubles with each. The wait itself is drawn up to the ceiling, from a tenth of it.</summary>
    public TimeSpan ReconnectMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The highest ceiling.</summary>
    public TimeSpan ReconnectCap { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The highest ceiling after a server that is there did not take the login in time, once in a row or more: it doubles from <see cref="ReconnectCap"/> on, since
    /// a crowd that comes back as fast as before keeps the server from serving anybody. Null where such a failure is one as any other.
    /// </summary>
    public TimeSpan? BusyCap { get; init; }

    /// <summary>
    /// The bytes of the buffers, one in each direction; what is to be sent waits for its turn when that one is full. Enough for an agent, who is mostly silent;
    /// who moves much has <see cref="LargeBufferBytes"/>.
    /// </summary>
    public int BufferBytes { get; init; } = 8 * 1024;

    /// <summary>How long a publish waits for room in a full outgoing buffer before it answers BufferFull.</summary>
    public TimeSpan PublishWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The largest message, headers counted, that is taken from a server.</summary>
    public int MaxMessageBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>The most bytes that wait in one subscription, subjects and headers counted; further messages are dropped and counted.</summary>
    public long SubscriptionBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The longest that disposal waits for what is still to be sent.</summary>
    public TimeSpan DisposeWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The seed of the jitter; null for a random one.</summary>
    public int? JitterSeed { get; init; }

    /// <summary>How JetStream is used.</summary>
    public JetStreamOptions JetStream { get; init; } = new();

    /// <summary>Options for the servers of one fleet.</summary>
    /// <param name="url">The address of one, or those of a cluster's, with commas between.</param>
    public static NatsOptions For(string url) => new() { Servers = [.. url.Split(',').Select(server => new Uri(server, UriKind.Absolute))] };

    /// <summary>Everything that is wrong with these options, a sentence each.</summary>
    public ImmutableArray<string> Problems()
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        Demand(problems, !Servers.IsDefaultOrEmpty, "No NATS server is named.");
        foreach (var server in Servers.IsDefault ? [] : Servers)
        {
            if (Problem(server) is { } problem)
            {
                problems.Add(problem);
            }
        }

        Demand(problems, InboxPrefix.Length > 0 && !InboxPrefix.AsSpan().ContainsAny(_noPrefix) && InboxPrefix[^1] != '.', "The inbox prefix is no subject.");
        Demand(problems, ConnectTimeout > TimeSpan.Zero && PingInterval > TimeSpan.Zero && MaxPingsOut > 0, "Timeouts and ping counts must be positive.");
        Demand(problems, ReconnectMin > TimeSpan.Zero && ReconnectCap >= ReconnectMin, "The reconnect's cap must not be below its first ceiling.");
        Demand(problems, BusyCap is not { } busy || busy >= ReconnectCap, "The cap of the wait for a busy server must not be below the reconnect's.");
        Demand(problems, BufferBytes is >= 4096 and <= 1 << 30, "The buffers must be 4 KiB to 1 GiB.");
        Demand(problems, MaxMessageBytes is >= 1024 and <= 1 << 30 && SubscriptionBytes > 0, "The largest message must be 1 KiB to 1 GiB, and the limit of a subscription positive.");
        return problems.ToImmutable();
    }

    /// <summary>Whether a connection to <paramref name="server"/> is a web socket.</summary>
    internal static bool IsWebSocket(Uri server) => server.Scheme is "ws" or "wss";

    /// <summary>Whether <paramref name="server"/> must do TLS.</summary>
    internal bool DemandsTls(Uri server) => CaFile is not null || server.Scheme is "tls" or "wss";

    private string? Problem(Uri server) => !server.IsAbsoluteUri || server.Scheme is not ("nats" or "tls" or "ws" or "wss") || server.Host.Length == 0
        ? $"'{(server.IsAbsoluteUri ? server.Host : server.OriginalString)}' is no address of a NATS server (nats://host:port, tls://host:port or wss://host:port)."
        : server.UserInfo.Length > 0 ? $"The address of {server.Host} names a user: credentials belong into the login."
        : server.Scheme == "ws" && DemandsTls(server) ? $"The address of {server.Host} begins with ws:// and TLS is demanded: write wss://."
        : null;

    private static void Demand(ImmutableArray<string>.Builder problems, bool holds, string otherwise)
    {
        if (!holds)
        {
            problems.Add(otherwise);
        }
    }
}

/// <summary>How JetStream is used.</summary>
public sealed record JetStreamOptions
{
    /// <summary>The longest that one answer of the server is awaited.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the server tells a silent consumer that it is still there.</summary>
    public TimeSpan IdleHeartbeat { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After so many heartbeats without a word a consumer is taken for lost.</summary>
    public int MaxMissedHeartbeats { get; init; } = 3;

    /// <summary>How long the server keeps a consumer that is asked for nothing: a reader may be slow.</summary>
    public TimeSpan ConsumerInactiveThreshold { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The ceiling of the first wait before a consumer is made anew; it doubles with each. The wait itself is drawn up to the ceiling, a tenth of it at least.</summary>
    public TimeSpan ReopenMin { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The highest ceiling.</summary>
    public TimeSpan ReopenCap { get; init; } = TimeSpan.FromSeconds(10);
}
