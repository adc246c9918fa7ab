using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Fleet.Adapters.Nats.Credentials;

namespace Harmony.Fleet.Tests.Adapters.Nats.Connection;

/// <summary>Issues the JWTs of NATS' decentralised authentication: an operator vouches for an account, the account for its users.</summary>
internal sealed class JwtIssuer : IDisposable
{
    /// <summary>The one subject to which users may not publish.</summary>
    public const string Denied = "denied";

    private readonly NKeyPair _operator = NKeyPair.Create(NKeyKind.Operator);
    private readonly NKeyPair _account = NKeyPair.Create(NKeyKind.Account);

    /// <summary>The server's configuration: it trusts the operator, and knows the account.</summary>
    public string Config
    {
        get
        {
            var trusted = Sign(_operator, _operator.PublicKey, "the operator", new JsonObject { ["type"] = "operator", ["version"] = 2 });
            var limits = new JsonObject { ["subs"] = -1, ["data"] = -1, ["payload"] = -1, ["conn"] = -1, ["leaf"] = -1, ["imports"] = -1, ["exports"] = -1, ["wildcards"] = true };
            var account = Sign(_operator, _account.PublicKey, "the account", new JsonObject { ["limits"] = limits, ["type"] = "account", ["version"] = 2 });
            return $"operator: {trusted}\nresolver: MEMORY\nresolver_preload: {{ {_account.PublicKey}: {account} }}\n";
        }
    }

    /// <summary>A user's JWT, for ever or for a while.</summary>
    public string User(NKeyPair user, TimeSpan? validity = null)
    {
        var claims = new JsonObject
        {
            ["pub"] = new JsonObject { ["deny"] = new JsonArray(Denied) }, ["sub"] = new JsonObject(), ["subs"] = -1, ["data"] = -1, ["payload"] = -1, ["type"] = "user", ["version"] = 2,
        };
        return Sign(_account, user.PublicKey, "a user", claims, validity);
    }

    public void Dispose()
    {
        _operator.Dispose();
        _account.Dispose();
    }

    private static string Sign(NKeyPair issuer, string subject, string name, JsonObject claims, TimeSpan? validity = null)
    {
        var now = DateTimeOffset.UtcNow; // The server compares it with its own clock.
        var body = new JsonObject { ["jti"] = name, ["iat"] = now.ToUnixTimeSeconds(), ["iss"] = issuer.PublicKey, ["name"] = name, ["sub"] = subject, ["nats"] = claims };
        if (validity is { } limited)
        {
            body["exp"] = (now + limited).ToUnixTimeSeconds();
        }

        var text = $"{Encode("""{"typ":"JWT","alg":"ed25519-nkey"}""")}.{Encode(body.ToJsonString())}";
        using var signer = NATS.NKeys.KeyPair.FromSeed(issuer.RevealSeed());
        var signature = new byte[64];
        signer.Sign(Encoding.ASCII.GetBytes(text), signature);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
