using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Harmony.Fleet.Cli.Local;

/// <summary>What <c>fleet status -o json</c> shows.</summary>
internal sealed record FleetStatus
{
    /// <summary>
    /// Down, Starting, Ready, Degraded (a part is down, stopped, or silent, or warns), Stopping, Suspended (the process that runs it is stopped by a signal), or Orphaned (that
    /// process is gone, and others of the fleet still run).
    /// </summary>
    public required string Phase { get; init; }

    /// <summary>How far the operator is: <c>recovering 63 %</c>, <c>converging 99 %</c>, <c>converged</c>; null where it does not say.</summary>
    public string? Control { get; init; }

    /// <summary>How many devices are given nothing before they report what they hold; null where the operator does not say.</summary>
    public int? AwaitingReport { get; init; }

    /// <summary>How many deployments one device alone says that it runs, and nobody else knows; null where the operator does not say.</summary>
    public int? UnknownDeployments { get; init; }

    /// <summary>The operator's API.</summary>
    public string? Server { get; init; }

    /// <summary>The bus.</summary>
    public string? NatsUrl { get; init; }

    /// <summary>How many virtual devices stand; where the fleet is down: how many it has when it is started again.</summary>
    public int Devices { get; init; }

    /// <summary>The process that runs the fleet.</summary>
    public int? Process { get; init; }

    /// <summary>The data folder.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Why not all that was wished for stands.</summary>
    public string? Fault { get; init; }

    /// <summary>The processes that the fleet consists of; none where it is down.</summary>
    public ImmutableArray<FleetPart> Parts { get; init; } = [];
}

/// <summary>One process of a fleet.</summary>
internal sealed record FleetPart
{
    /// <summary>What people call it: <c>nats</c>, <c>operator</c>, <c>device-1</c>, <c>device-1 podman</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Running, Stopped (by a signal), Silent (its process is there, and it does not answer that it is ready), Warning (it does its work, and says that something is wrong), or Down.</summary>
    public required string State { get; init; }

    /// <summary>The number of its process; null while it is down.</summary>
    public int? Pid { get; init; }

    /// <summary>When it came up; while it is down: when it went. Null where that is not known.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>How often it ended without being told to, and was started again.</summary>
    public int Restarts { get; init; }

    /// <summary>The file that it writes to; null where that is not known.</summary>
    public string? LogFile { get; init; }
}

/// <summary>JSON of fleets on this machine.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(FleetStatus))]
internal sealed partial class LocalJson : JsonSerializerContext;
