using System.Buffers.Text;
using System.Text;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Adapters.Nats.Protocol;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>Builds CONNECT from the options and the server's challenge.</summary>
internal static class LoginRequest
{
    /// <summary>What to send.</summary>
    /// <exception cref="NatsConnectException">The credentials cannot be had, or the server asks for no proof of them.</exception>
    public static async ValueTask<ConnectRequest> CreateAsync(NatsOptions options, ServerInfo info, bool encrypted, CancellationToken cancellationToken)
    {
        var login = options.Login;
        var password = login as NatsLogin.Password;
        return new()
        {
            Name = options.Name,
            Echo = options.Echo,
            TlsRequired = encrypted,
            User = password?.User,
            Password = password?.Secret,
            Token = login switch
            {
                NatsLogin.Token token => token.Secret,
                NatsLogin.FreshToken fresh => await AskAsync(fresh.Provider, cancellationToken),
                _ => null,
            },
            NKey = login is NatsLogin.NKey(var pair) ? pair.PublicKey : null,
            Jwt = login is NatsLogin.Jwt jwt ? await AskAsync(jwt.Provider, cancellationToken) : null,
            Signature = login switch
            {
                NatsLogin.NKey nkey => Sign(nkey.Pair, info),
                NatsLogin.Jwt user => Sign(user.Pair, info),
                _ => null,
            },
        };
    }

    private static string Sign(NKeyPair pair, ServerInfo info) => info.Nonce.Length > 0
        ? Base64Url.EncodeToString(pair.Sign(Encoding.UTF8.GetBytes(info.Nonce)))
        : throw new NatsConnectException(ConnectFailure.Credentials, "The NATS server asks for no signature: it does not know logins by key.");

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
