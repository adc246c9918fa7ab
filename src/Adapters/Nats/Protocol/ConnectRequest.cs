using System.Text.Json.Serialization;

namespace Harmony.Fleet.Adapters.Nats.Protocol;

/// <summary>What we say of ourselves in CONNECT. It holds secrets: its text says nothing.</summary>
internal sealed class ConnectRequest
{
    /// <summary>Whether each command is answered with +OK: never.</summary>
    [JsonPropertyName("verbose")]
    public bool Verbose { get; init; }

    /// <summary>Whether the server checks subjects strictly.</summary>
    [JsonPropertyName("pedantic")]
    public bool Pedantic { get; init; }

    /// <summary>Whether we refuse to go on without TLS.</summary>
    [JsonPropertyName("tls_required")]
    public bool TlsRequired { get; init; }

    /// <summary>Our name in the server's logs.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>The client's language.</summary>
    [JsonPropertyName("lang")]
    public string Lang { get; } = "csharp";

    /// <summary>The client's version.</summary>
    [JsonPropertyName("version")]
    public string Version { get; } = "0.1.0";

    /// <summary>1: the server may send INFO at any time.</summary>
    [JsonPropertyName("protocol")]
    public int Protocol { get; } = 1;

    /// <summary>Whether our publishes come back on our own subscriptions.</summary>
    [JsonPropertyName("echo")]
    public bool Echo { get; init; }

    /// <summary>We speak headers.</summary>
    [JsonPropertyName("headers")]
    public bool Headers { get; } = true;

    /// <summary>We want to be told that nobody listens.</summary>
    [JsonPropertyName("no_responders")]
    public bool NoResponders { get; } = true;

    /// <summary>The user.</summary>
    [JsonPropertyName("user")]
    public string? User { get; init; }

    /// <summary>The password.</summary>
    [JsonPropertyName("pass")]
    public string? Password { get; init; }

    /// <summary>The token.</summary>
    [JsonPropertyName("auth_token")]
    public string? Token { get; init; }

    /// <summary>The public key of a static user.</summary>
    [JsonPropertyName("nkey")]
    public string? NKey { get; init; }

    /// <summary>The user JWT.</summary>
    [JsonPropertyName("jwt")]
    public string? Jwt { get; init; }

    /// <summary>The signature of the server's nonce, base64url.</summary>
    [JsonPropertyName("sig")]
    public string? Signature { get; init; }
}
