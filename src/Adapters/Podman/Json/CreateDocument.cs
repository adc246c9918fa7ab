using System.Text.Json.Serialization;

namespace Harmony.Fleet.Adapters.Podman.Json;

/// <summary>The body of <c>POST /containers/create</c>.</summary>
internal sealed record CreateDocument
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("image")]
    public required string Image { get; init; }

    [JsonPropertyName("entrypoint")]
    public string[]? Entrypoint { get; init; }

    [JsonPropertyName("command")]
    public string[]? Command { get; init; }

    [JsonPropertyName("env")]
    public required IReadOnlyDictionary<string, string> Env { get; init; }

    [JsonPropertyName("labels")]
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    [JsonPropertyName("portmappings")]
    public required PortPart[] Ports { get; init; }

    [JsonPropertyName("mounts")]
    public required BindPart[] Mounts { get; init; }

    [JsonPropertyName("volumes")]
    public required VolumePart[] Volumes { get; init; }

    [JsonPropertyName("restart_policy")]
    public required string RestartPolicy { get; init; }

    [JsonPropertyName("stop_timeout")]
    public required uint StopTimeout { get; init; }

    /// <summary>Off: else the proxy settings of podman's own environment would show in every container.</summary>
    [JsonPropertyName("httpproxy")]
    public bool HttpProxy { get; init; }

    [JsonPropertyName("resource_limits")]
    public LimitsPart? Limits { get; init; }

    /// <summary>One published port.</summary>
    internal sealed record PortPart(
        [property: JsonPropertyName("container_port")] int ContainerPort,
        [property: JsonPropertyName("host_port")] int HostPort,
        [property: JsonPropertyName("host_ip")] string HostIp,
        [property: JsonPropertyName("protocol")] string Protocol);

    /// <summary>A folder of the host.</summary>
    internal sealed record BindPart(
        [property: JsonPropertyName("type")] string Type,
        [property: JsonPropertyName("source")] string Source,
        [property: JsonPropertyName("destination")] string Destination,
        [property: JsonPropertyName("options")] string[] Options);

    /// <summary>A named volume. Podman wants these names as they are.</summary>
    internal sealed record VolumePart(string Name, string Dest, string[] Options);

    /// <summary>What it may use at the most.</summary>
    internal sealed record LimitsPart(
        [property: JsonPropertyName("memory")] MemoryPart? Memory,
        [property: JsonPropertyName("cpu")] CpuPart? Cpu);

    /// <summary>Bytes.</summary>
    internal sealed record MemoryPart([property: JsonPropertyName("limit")] long Limit);

    /// <summary>Microseconds of processor time in each period of microseconds.</summary>
    internal sealed record CpuPart(
        [property: JsonPropertyName("quota")] long Quota,
        [property: JsonPropertyName("period")] ulong Period);
}
