using System.Text.Json.Serialization;

namespace Harmony.Fleet.Contracts.Scores;

/// <summary>A port of the container, published on the device.</summary>
public sealed record ContainerPort
{
    /// <summary>In the container, 1 to 65535.</summary>
    [JsonPropertyName("containerPort")]
    public int Port { get; init; }

    /// <summary>On the device, 1 to 65535.</summary>
    public int HostPort { get; init; }

    /// <summary>The device's address to listen on; null for all.</summary>
    [JsonPropertyName("hostIP")]
    public string? HostIp { get; init; }

    /// <summary><c>TCP</c> (the default) or <c>UDP</c>.</summary>
    public string? Protocol { get; init; }
}
