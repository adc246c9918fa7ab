using Harmony.Fleet.Adapters.Nats.Credentials;
using NATS.Client.Core;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>The library's options for one session with one server.</summary>
internal static class SessionOptions
{
    /// <summary>Makes them.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="options">How.</param>
    /// <param name="sockets">What opens the socket.</param>
    /// <param name="greeting">What the server said of itself.</param>
    public static NatsOpts Of(Uri server, NatsOptions options, SessionSockets sockets, Func<INatsServerInfo?> greeting) => new()
    {
        Url = server.ToString(),
        Name = options.Name,
        InboxPrefix = options.InboxPrefix,
        SocketConnectionFactory = sockets,
        TlsOpts = new()
        {
            Mode = NatsOptions.IsWebSocket(server) ? TlsMode.Disable : options.DemandsTls(server) ? TlsMode.Require : TlsMode.Prefer,
            ConfigureClientAuthentication = options.CaFile is null ? null : client =>
            {
                client.CertificateChainPolicy = TrustedAuthorities.Policy(options.CaFile);
                return ValueTask.CompletedTask;
            },
        },
        AuthOpts = options.Login is NatsLogin.Anonymous ? new() : new() { AuthCredCallback = (_, cancellationToken) => LoginAsync(options.Login, greeting, cancellationToken) },
        ConnectTimeout = options.ConnectTimeout,
        CommandTimeout = options.PublishWait,
        RequestTimeout = options.JetStream.RequestTimeout,
        PingInterval = TimeSpan.Zero, // The session asks itself.
        ReaderBufferSize = options.BufferBytes,
        WriterBufferSize = options.BufferBytes,
        MaxPayloadHardCap = options.MaxMessageBytes,
        HeaderEncoding = System.Text.Encoding.UTF8,
        CaseSensitiveHeaders = true, // As HeaderBlock is: a reader of one kind must not see a deletion where the other sees a value.
        RequestReplyMode = NatsRequestReplyMode.Direct,
        IgnoreAuthErrorAbort = true,
    };

    private static async ValueTask<NatsAuthCred> LoginAsync(NatsLogin login, Func<INatsServerInfo?> greeting, CancellationToken cancellationToken)
    {
        if (login is NatsLogin.NKey or NatsLogin.Jwt && greeting()?.Nonce is not { Length: > 0 })
        {
            throw new NatsConnectException(ConnectFailure.Credentials, "The NATS server asks for no signature: it does not know logins by key.");
        }

        return login switch
        {
            NatsLogin.Password password => NatsAuthCred.FromUserInfo(password.User, password.Secret),
            NatsLogin.Token token => NatsAuthCred.FromToken(token.Secret),
            NatsLogin.FreshToken fresh => NatsAuthCred.FromToken(await AskAsync(fresh.Provider, cancellationToken)),
            NatsLogin.NKey nkey => NatsAuthCred.FromNkey(nkey.Pair.RevealSeed()),
            NatsLogin.Jwt jwt => NatsAuthCred.FromJwt(await AskAsync(jwt.Provider, cancellationToken), jwt.Pair.RevealSeed()),
            _ => throw new InvalidOperationException($"The login {login} is not handled."),
        };
    }

    private static async ValueTask<string> AskAsync(Func<CancellationToken, ValueTask<string>> provider, CancellationToken cancellationToken)
    {
        try
        {
            return await provider(cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // The provider is foreign code (a file, an identity provider): whatever it throws, the reconnecting goes on.
            throw new NatsConnectException(ConnectFailure.Credentials, $"The NATS credentials cannot be had: {failure.Message}", failure);
        }
    }
}
