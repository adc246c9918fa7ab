using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harmony.Fleet.Deploy.Podman;

/// <summary>
/// The bridge network of one private podman. Podman's usual one has the same name, bridge and addresses in every storage, and netavark names its
/// chains in the kernel's packet filter by the network: two storages would take each other's rules and addresses away.
/// </summary>
internal sealed record PodmanNetwork
{
    private PodmanNetwork(byte[] hash)
    {
        Id = Convert.ToHexStringLower(hash);
        Name = "hf-" + Id[..12];
        Bridge = "hf" + Id[..12];
        Prefix = $"10.{128 + (hash[0] % 128)}.{hash[1]}";
        Chain = "NETAVARK-" + Convert.ToHexString(SHA512.HashData(Encoding.UTF8.GetBytes(Name)))[..13];
        NftChain = $"nv_{Id[..8]}_{Subnet.Replace('.', '_').Replace("/", "_nm", StringComparison.Ordinal)}";
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its id: 64 hexadecimal characters.</summary>
    public string Id { get; }

    /// <summary>The bridge's name: 14 characters of the 15 that the kernel takes.</summary>
    public string Bridge { get; }

    /// <summary>The first three bytes of its addresses.</summary>
    public string Prefix { get; }

    /// <summary>All of its addresses.</summary>
    public string Subnet => Prefix + ".0/24";

    /// <summary>Its own chain in iptables: netavark names it by a hash of the network's name.</summary>
    public string Chain { get; }

    /// <summary>The chain that leads ports of the host to its containers.</summary>
    public string PortsChain => Chain.Replace("NETAVARK-", "NETAVARK-DN-", StringComparison.Ordinal);

    /// <summary>Its own chain in nftables, where netavark was built for that: named by the network's id and addresses.</summary>
    public string NftChain { get; }

    /// <summary>The chain in nftables that leads ports of the host to its containers.</summary>
    public string NftPortsChain => NftChain + "_dnat";

    /// <summary>The network of the podman in <paramref name="folder"/>: always the same for the same one.</summary>
    public static PodmanNetwork For(string folder) => new(SHA256.HashData(Encoding.UTF8.GetBytes(folder)));

    /// <summary>Its file, as netavark's side of podman keeps it.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(
        new NetworkDocument
        {
            Name = Name,
            Id = Id,
            Driver = "bridge",
            NetworkInterface = Bridge,
            Created = DateTimeOffset.UnixEpoch,
            Subnets = [new NetworkSubnet { Subnet = Subnet, Gateway = $"{Prefix}.1" }],
            IpamOptions = new(StringComparer.Ordinal) { ["driver"] = "host-local" },
        },
        NetworkJson.Default.NetworkDocument);
}

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

/// <summary>The addresses of a network.</summary>
internal sealed record NetworkSubnet
{
    [JsonPropertyName("subnet")]
    public required string Subnet { get; init; }

    [JsonPropertyName("gateway")]
    public required string Gateway { get; init; }
}

/// <summary>JSON of a network's file: names as podman writes them.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NetworkDocument))]
internal sealed partial class NetworkJson : JsonSerializerContext;
