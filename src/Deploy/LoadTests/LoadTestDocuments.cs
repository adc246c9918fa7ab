using System.Text.Json.Serialization;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Scores;

namespace Harmony.Fleet.Deploy.LoadTests;

/// <summary>What a load test is to do: the first line that its program reads. It ends when its input does.</summary>
public sealed record LoadTestWish
{
    /// <summary>How many devices, 2 or more.</summary>
    public required int Devices { get; init; }

    /// <summary>How many Deployments, 2 or more.</summary>
    public required int Deployments { get; init; }

    /// <summary>How many reports a second; with real agents, how many containers a second end by themselves.</summary>
    public required int Rate { get; init; }

    /// <summary>For how many seconds.</summary>
    public required int DurationSeconds { get; init; }

    /// <summary>Who reports.</summary>
    public required LoadTestAgents Agents { get; init; }

    /// <summary>The repository's folder, whose <c>eng/</c> sets up what is missing; null where there is none.</summary>
    public string? Home { get; init; }

    /// <summary>The data folder of a fleet that runs already, absolute; null for a fleet of its own.</summary>
    public string? DataFolder { get; init; }
}

/// <summary>Who reports in a load test.</summary>
public enum LoadTestAgents
{
    /// <summary>Reports alone are written, as agents write them.</summary>
    [JsonStringEnumMemberName("states")]
    States,

    /// <summary>The agent's own code runs, over a container runtime in memory.</summary>
    [JsonStringEnumMemberName("real")]
    Real,
}

/// <summary>A line that a load test's program writes: one of the three.</summary>
public sealed record LoadTestLine
{
    /// <summary>How it goes on.</summary>
    public DeployNews? News { get; init; }

    /// <summary>What came of it.</summary>
    public LoadTestResult? Result { get; init; }

    /// <summary>Why nothing came of it.</summary>
    public Fault? Fault { get; init; }
}

/// <summary>What a load test measured.</summary>
public sealed record LoadTestResult
{
    /// <summary>How many devices there were.</summary>
    public required int Devices { get; init; }

    /// <summary>How many Deployments there were.</summary>
    public required int Deployments { get; init; }

    /// <summary>How many pairs of a device and a Deployment that is meant for it.</summary>
    public required long Pairs { get; init; }

    /// <summary>Who reported.</summary>
    public required LoadTestAgents Agents { get; init; }

    /// <summary>The reports that the bus took, heartbeats not counted.</summary>
    public required long Writes { get; init; }

    /// <summary>The same, a second.</summary>
    public required double WritesPerSecond { get; init; }

    /// <summary>Writes that failed, and were tried again.</summary>
    public required long Errors { get; init; }

    /// <summary>Deployments whose counts were not what was last written, or did not add up at any time.</summary>
    public required int WrongAggregates { get; init; }

    /// <summary>From the write of a report until a watcher of the API sees the aggregate: the median, in milliseconds.</summary>
    public required double LagP50Ms { get; init; }

    /// <summary>The same, the slowest of a hundred.</summary>
    public required double LagP99Ms { get; init; }

    /// <summary>How often that was measured.</summary>
    public required int LagSamples { get; init; }

    /// <summary>From the last write until every aggregate is right.</summary>
    public required double ConvergenceSeconds { get; init; }

    /// <summary>From the first resource until every device's first report is counted.</summary>
    public required double SetupSeconds { get; init; }

    /// <summary>The operator's largest resident memory under load; 0 where it is not known.</summary>
    public required double OperatorRssMiB { get; init; }

    /// <summary>The operator's processor time under load.</summary>
    public required double OperatorCpuSeconds { get; init; }

    /// <summary>The largest resident memory of nats-server under load.</summary>
    public required double NatsRssMiB { get; init; }

    /// <summary>The processor time of nats-server under load.</summary>
    public required double NatsCpuSeconds { get; init; }

    /// <summary>The processor time of whoever wrote, under load.</summary>
    public required double WriterCpuSeconds { get; init; }

    /// <summary>The slowest of a hundred turns of the operator's loop, in milliseconds, by its own meter; null where that is not served.</summary>
    public double? TurnP99Ms { get; init; }

    /// <summary>From the bus to the operator's engine, the slowest of a hundred reports, in milliseconds, by its own meter; null where that is not served.</summary>
    public double? ReportLagP99Ms { get; init; }
}

/// <summary>JSON of what goes between the command line and the program.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(LoadTestWish))]
[JsonSerializable(typeof(LoadTestLine))]
public sealed partial class LoadTestJson : JsonSerializerContext;
