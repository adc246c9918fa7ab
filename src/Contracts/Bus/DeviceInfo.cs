using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Contracts.Bus;

/// <summary>Who a device says it is.</summary>
public sealed record DeviceInfo
{
    /// <summary><see cref="BusVersion.V1"/>.</summary>
    public string ApiVersion { get => field ?? BusVersion.V1; init; }

    /// <summary>Whose info it is.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>Which run of the agent wrote it: random, new at each start.</summary>
    public required string Instance { get; init; }

    /// <summary>Which start of the agent wrote it: of two documents the one of the higher boot is newer. 0 where the agent does not count its starts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Boot { get; init; }

    /// <summary>Counts all that one start wrote, from 1: of two documents of one kind the higher one is newer. 0 where the agent does not count.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Sequence { get; init; }

    /// <summary>Its place among all that the device says.</summary>
    [JsonIgnore]
    public DocumentOrder Order => new(Boot, Sequence);

    /// <summary>Commands must name it: random, new at each connection, so that an old command is worth nothing.</summary>
    public required string CommandNonce { get; init; }

    /// <summary>When it was written, by the device's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The agent's version.</summary>
    public string AgentVersion { get => field ?? string.Empty; init; }

    /// <summary>What this agent can do: score kinds and command verbs, for example <c>score/PodmanV0</c>, <c>command/logs</c>.</summary>
    public ImmutableArray<string> Capabilities { get => field.IsDefault ? [] : field; init; }

    /// <summary>The labels of its settings; at most 64.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get => field ?? ImmutableSortedDictionary<string, string>.Empty; init; }

    /// <summary>What it is made of.</summary>
    public Inventory Inventory { get => field ?? new(); init; }

    /// <summary>What is not well on it: one CamelCase word each, for example <c>PodmanUnavailable</c>.</summary>
    public ImmutableArray<string> HealthFlags { get => field.IsDefault ? [] : field; init; }
}

/// <summary>What a device is made of. Text is empty and numbers are 0 where it cannot be told.</summary>
public sealed record Inventory
{
    /// <summary>The host's name.</summary>
    public string Hostname { get => field ?? string.Empty; init; }

    /// <summary>The architecture as OCI images name it: <c>amd64</c>, <c>arm64</c>.</summary>
    public string Architecture { get => field ?? string.Empty; init; }

    /// <summary>The board or machine, for example <c>Raspberry Pi 5 Model B Rev 1.0</c>.</summary>
    public string Model { get => field ?? string.Empty; init; }

    /// <summary>The operating system, for example <c>Debian GNU/Linux 12 (bookworm)</c>.</summary>
    public string OperatingSystem { get => field ?? string.Empty; init; }

    /// <summary>The kernel's release.</summary>
    public string Kernel { get => field ?? string.Empty; init; }

    /// <summary>Memory in bytes.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>The size in bytes of the file system that holds the containers.</summary>
    public long DiskBytes { get; init; }

    /// <summary>Processor threads.</summary>
    public int Cpus { get; init; }

    /// <summary>Podman's version.</summary>
    public string PodmanVersion { get => field ?? string.Empty; init; }
}
