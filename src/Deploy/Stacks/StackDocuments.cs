using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.Scores;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>What should stand in a data folder. Written by whoever wants more; the running stack follows.</summary>
public sealed record StackWish
{
    /// <summary>The most devices of one machine: each has a podman of its own.</summary>
    public const int MaxDevices = 32;

    /// <summary>The highest number of a request; after it they count from 1 again.</summary>
    public const long MaxRequest = 1_000_000_000_000;

    /// <summary>The id of the fleet's mark, <see cref="StackMarkFile.Id"/>, repeated.</summary>
    public required string Id { get; init; }

    /// <summary>Whether the fleet ever stood. From then on its keys are there, or lost.</summary>
    public bool HasStood { get; init; }

    /// <summary>How many virtual devices, 0 to <see cref="MaxDevices"/>; they are named <c>device-1</c> and so on.</summary>
    public int Devices { get; init; }

    /// <summary>How many NATS servers, one of <see cref="NatsServers.NatsNode.Counts"/>.</summary>
    public int NatsNodes { get; init; } = 1;

    /// <summary>Counts the requests to grow: the same wish with another number is to be tried again. 0 where there was none, at most <see cref="MaxRequest"/>.</summary>
    public long Request { get; init; }
}

/// <summary>What tells that a data folder is a fleet's: the file <c>.harmony-fleet</c>.</summary>
internal sealed record StackMarkFile
{
    /// <summary>The fleet's id: 32 hexadecimal digits.</summary>
    public string? Id { get; init; }

    /// <summary>For whoever finds the file.</summary>
    public string Note { get; init; } = "A fleet was set up in this folder; fleet down --purge removes what it made.";
}

/// <summary>What a running stack says of itself.</summary>
public sealed record StackState
{
    /// <summary>How far it is.</summary>
    public StackPhase Phase { get; init; }

    /// <summary>The process that runs it.</summary>
    public required ProcessIdentity Supervisor { get; init; }

    /// <summary>The data folder that it runs from: what a copy of that folder says of another is not about the copy.</summary>
    public required string Folder { get; init; }

    /// <summary>How many devices stand.</summary>
    public int Devices { get; init; }

    /// <summary>The number of devices that was wished for when it last looked.</summary>
    public int Wished { get; init; }

    /// <summary>The number of the request, <see cref="StackWish.Request"/>, that <see cref="Wished"/> and <see cref="Fault"/> are about.</summary>
    public long Request { get; init; }

    /// <summary>How many containers are waited for, while it ends.</summary>
    public int Stopping { get; init; }

    /// <summary>When the slowest of them is killed, at the latest; null while none is waited for.</summary>
    public DateTimeOffset? EndsBy { get; init; }

    /// <summary>Those of them that have had their time and are being killed, in words; null where there are none.</summary>
    public string? Late { get; init; }

    /// <summary>Why not all that was wished for stands; null where it does.</summary>
    public string? Fault { get; init; }

    /// <summary>Its processes.</summary>
    public ImmutableArray<StackPart> Parts { get => field.IsDefault ? [] : field; init; }
}

/// <summary>How far a stack is.</summary>
public enum StackPhase
{
    /// <summary>Parts are being put in place.</summary>
    Starting,

    /// <summary>All stands.</summary>
    Ready,

    /// <summary>Parts are being ended.</summary>
    Stopping,
}

/// <summary>How clients on this machine reach a stack.</summary>
public sealed record StackFile
{
    /// <summary>The operator's API: <c>http://127.0.0.1:PORT</c>.</summary>
    public string? Server { get; init; }

    /// <summary>The file that holds the API's token.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The bus: all of its servers, with commas between.</summary>
    public string? NatsUrl { get; init; }

    /// <summary>Where the operator's measurements go; null for nowhere.</summary>
    public OperatorTelemetry? Telemetry { get; init; }
}

/// <summary>JSON of the documents of a data folder.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(StackFile))]
[JsonSerializable(typeof(StackWish))]
[JsonSerializable(typeof(StackState))]
[JsonSerializable(typeof(StackMarkFile))]
internal sealed partial class StackJson : JsonSerializerContext;
