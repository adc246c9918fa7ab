using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harmony.Fleet.Adapters.Podman.Json;

/// <summary>The part of <c>GET /containers/ID/json</c> that is used.</summary>
internal sealed class InspectDocument
{
    public string? Id { get; init; }

    public string? Name { get; init; }

    /// <summary>The first word of what is run.</summary>
    public string? Path { get; init; }

    /// <summary>The other words of what is run.</summary>
    public List<string?>? Args { get; init; }

    public StatePart? State { get; init; }

    public string? Image { get; init; }

    public string? ImageDigest { get; init; }

    public string? ImageName { get; init; }

    public int RestartCount { get; init; }

    public List<MountPart?>? Mounts { get; init; }

    public ConfigPart? Config { get; init; }

    public HostPart? HostConfig { get; init; }

    /// <summary>What it is doing.</summary>
    internal sealed class StatePart
    {
        public string? Status { get; init; }

        public int ExitCode { get; init; }

        public DateTimeOffset? StartedAt { get; init; }

        public DateTimeOffset? FinishedAt { get; init; }
    }

    /// <summary>A mount; volumes that the image declares are among them.</summary>
    internal sealed class MountPart
    {
        public string? Type { get; init; }

        public string? Name { get; init; }

        public string? Source { get; init; }

        public string? Destination { get; init; }

        public bool RW { get; init; }
    }

    /// <summary>What it was created with. Up to 4.x the entrypoint is one string, joined by spaces; later it is a list.</summary>
    internal sealed class ConfigPart
    {
        public bool Tty { get; init; }

        public List<string?>? Env { get; init; }

        public List<string?>? Cmd { get; init; }

        public JsonElement? Entrypoint { get; init; }

        public Dictionary<string, string?>? Labels { get; init; }

        public long StopTimeout { get; init; }
    }

    /// <summary>How the host runs it.</summary>
    internal sealed class HostPart
    {
        public Dictionary<string, List<BindingPart?>?>? PortBindings { get; init; }

        public RestartPart? RestartPolicy { get; init; }

        public long Memory { get; init; }

        public long NanoCpus { get; init; }

        public long CpuPeriod { get; init; }

        public long CpuQuota { get; init; }
    }

    /// <summary>One port of the host.</summary>
    internal sealed class BindingPart
    {
        public string? HostIp { get; init; }

        public string? HostPort { get; init; }
    }

    /// <summary>When it is started again.</summary>
    internal sealed class RestartPart
    {
        public string? Name { get; init; }
    }
}

/// <summary>
/// The part of <c>GET /containers/json</c> that is used: the id, since a list says too little to compare; the ports, to tell who has one; and the
/// rest where podman cannot show a container any closer.
/// </summary>
internal sealed record ListedContainer
{
    public string? Id { get; init; }

    public List<string?>? Names { get; init; }

    public string? Image { get; init; }

    public string? ImageID { get; init; }

    public Dictionary<string, string?>? Labels { get; init; }

    public List<ListedPort?>? Ports { get; init; }

    /// <summary>Published ports, one after the other from the first on.</summary>
    internal sealed class ListedPort
    {
        [JsonPropertyName("host_port")]
        public int HostPort { get; init; }

        [JsonPropertyName("range")]
        public int Range { get; init; }

        [JsonPropertyName("protocol")]
        public string? Protocol { get; init; }
    }
}

/// <summary>The answer to a removal: HTTP 200 also where it failed.</summary>
internal sealed record RemovedDocument(string? Id, string? Err);

/// <summary>The answer to a create.</summary>
internal sealed record CreatedDocument(string? Id);
