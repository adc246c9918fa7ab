using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Harmony.Fleet.Adapters.Podman.Json;

namespace Harmony.Fleet.Adapters.Podman.Service;

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
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its id: 64 hexadecimal characters.</summary>
    public string Id { get; }

    /// <summary>The bridge's name: 14 characters of the 15 that the kernel takes.</summary>
    public string Bridge { get; }

    /// <summary>The first three bytes of its addresses.</summary>
    public string Prefix { get; }

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
            Subnets = [new NetworkSubnet { Subnet = $"{Prefix}.0/24", Gateway = $"{Prefix}.1" }],
            IpamOptions = new(StringComparer.Ordinal) { ["driver"] = "host-local" },
        },
        PodmanJson.Default.NetworkDocument);
}
