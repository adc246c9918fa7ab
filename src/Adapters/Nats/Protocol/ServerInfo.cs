using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harmony.Fleet.Adapters.Nats.Protocol;

/// <summary>What a server says of itself in INFO. Unknown fields are ignored; what is missing is empty, 0 or false.</summary>
public sealed record ServerInfo
{
    /// <summary>The server's public key.</summary>
    [JsonPropertyName("server_id")]
    public string ServerId { get => field ?? string.Empty; init; }

    /// <summary>The server's name.</summary>
    [JsonPropertyName("server_name")]
    public string ServerName { get => field ?? string.Empty; init; }

    /// <summary>Its version, for example <c>2.10.27</c>.</summary>
    [JsonPropertyName("version")]
    public string Version { get => field ?? string.Empty; init; }

    /// <summary>The number of this connection at the server.</summary>
    [JsonPropertyName("client_id")]
    public ulong ClientId { get; init; }

    /// <summary>The largest message that it takes, headers counted, in bytes.</summary>
    [JsonPropertyName("max_payload")]
    public long MaxPayload { get; init; }

    /// <summary>Whether it knows headers.</summary>
    [JsonPropertyName("headers")]
    public bool Headers { get; init; }

    /// <summary>Whether JetStream is on.</summary>
    [JsonPropertyName("jetstream")]
    public bool JetStream { get; init; }

    /// <summary>The JetStream domain; empty where there is none.</summary>
    [JsonPropertyName("domain")]
    public string Domain { get => field ?? string.Empty; init; }

    /// <summary>The name of its cluster; empty where there is none.</summary>
    [JsonPropertyName("cluster")]
    public string Cluster { get => field ?? string.Empty; init; }

    /// <summary>Whether it demands a login.</summary>
    [JsonPropertyName("auth_required")]
    public bool AuthRequired { get; init; }

    /// <summary>Whether it demands TLS.</summary>
    [JsonPropertyName("tls_required")]
    public bool TlsRequired { get; init; }

    /// <summary>Whether it offers TLS.</summary>
    [JsonPropertyName("tls_available")]
    public bool TlsAvailable { get; init; }

    /// <summary>What an nkey login signs; empty where none is asked for.</summary>
    [JsonPropertyName("nonce")]
    public string Nonce { get => field ?? string.Empty; init; }

    /// <summary>Whether it is about to go away (lame duck mode).</summary>
    [JsonPropertyName("ldm")]
    public bool LameDuck { get; init; }

    /// <summary>Our own address as the server sees it.</summary>
    [JsonPropertyName("client_ip")]
    public string ClientIp { get => field ?? string.Empty; init; }

    /// <summary>Other servers of its cluster, <c>host:port</c>. Told for people; only the configured servers are ever connected to.</summary>
    [JsonPropertyName("connect_urls")]
    public ImmutableArray<string> ConnectUrls { get => field.IsDefault ? [] : field; init; }

    /// <summary>Reads the JSON of INFO; null when it is none.</summary>
    internal static ServerInfo? TryParse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ProtocolJson.Default.ServerInfo);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
