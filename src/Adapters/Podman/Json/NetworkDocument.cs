using System.Text.Json.Serialization;

namespace Harmony.Fleet.Adapters.Podman.Json;

/// <summary>A network of podman with netavark.</summary>
internal sealed record NetworkDocument
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("driver")]
    public required string Driver { get; init; }

    [JsonPropertyName("network_interface")]
    public required string NetworkInterface { get; init; }

    [JsonPropertyName("created")]
    public required DateTimeOffset Created { get; init; }

    [JsonPropertyName("subnets")]
    public required NetworkSubnet[] Subnets { get; init; }

    [JsonPropertyName("ipv6_enabled")]
    public bool Ipv6Enabled { get; init; }

    [JsonPropertyName("internal")]
    public bool Internal { get; init; }

    [JsonPropertyName("dns_enabled")]
    public bool DnsEnabled { get; init; }

    [JsonPropertyName("ipam_options")]
    public required Dictionary<string, string> IpamOptions { get; init; }
}
