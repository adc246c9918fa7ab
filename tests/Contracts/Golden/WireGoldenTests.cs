using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Contracts.Scores;

namespace Harmony.Fleet.Tests.Contracts.Golden;

/// <summary>
/// The wire is frozen: what is written here is what agents in the field read. A change of these files is a change of the protocol.
/// To accept one on purpose, delete the file and run the test once with HARMONY_FLEET_WRITE_GOLDEN set to this folder.
/// </summary>
public sealed class WireGoldenTests
{
    private static readonly DeviceId Pi = DeviceId.Parse("pi-42");
    private static readonly NamespaceName Default = NamespaceName.Parse("default");
    private static readonly DeploymentName Hello = DeploymentName.Parse("hello");
    private static readonly Digest Abc = Digest.Of("abc"u8);
    private static readonly DateTimeOffset At = new(2026, 11, 21, 7, 33, 0, 250, TimeSpan.Zero);
    private static readonly ImmutableSortedDictionary<string, string> Labels =
        ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("group", "a"), KeyValuePair.Create("Zone", "b")]);

    private static DeviceReport Report => new()
    {
        Device = Pi,
        Instance = "i-1",
        Sequence = 7,
        At = At,
        ManifestGeneration = new Generation(3, 4),
        ManifestDigest = Abc,
        Refusal = new() { Reason = RefusalReason.Stale, Generation = new Generation(3, 1), Message = "older than 3.4", At = At },
        Deployments =
        [
            new()
            {
                Namespace = Default,
                Name = Hello,
                Uid = "u-1",
                ScoreDigest = Abc,
                Phase = Phase.Failed,
                Since = At,
                LastError = "no such image",
                Containers = [new() { Name = "web", Id = "c0ffee", State = "exited", Restarts = 2, StartedAt = At, ExitCode = 137 }],
            },
        ],
    };

    private static DeviceInfo Info => new()
    {
        Device = Pi,
        Instance = "i-1",
        CommandNonce = "n-1",
        At = At,
        AgentVersion = "0.1.0",
        Capabilities = ["command/ping", "score/PodmanV0"],
        Labels = Labels,
        Inventory = new()
        {
            Hostname = "plant-7",
            Architecture = "arm64",
            Model = "Raspberry Pi 5 Model B Rev 1.0",
            OperatingSystem = "Debian GNU/Linux 12 (bookworm)",
            Kernel = "6.6.20",
            MemoryBytes = 8L << 30,
            DiskBytes = 64L << 30,
            Cpus = 4,
            PodmanVersion = "4.3.1",
        },
        HealthFlags = ["PodmanUnavailable"],
    };

    private static Heartbeat Beat => new()
    {
        Device = Pi,
        Instance = "i-1",
        At = At,
        UptimeSeconds = 31,
        Load = 0.25,
    };

    [Fact]
    public void Manifest_Bytes_AreFrozen() => Check("manifest", ContractsJson.Bus.DeviceManifest, new()
    {
        Device = Pi,
        Generation = new Generation(3, 9007199254740991),
        Entries = [new() { Namespace = Default, Name = Hello, Uid = "u-1", ScoreDigest = Abc, Address = Abc, Key = [1, 2, 255] }],
    });

    /// <summary>As agents wrote it that did not count their starts.</summary>
    [Fact]
    public void Report_Bytes_AreFrozen() => Check("report", ContractsJson.Bus.DeviceReport, Report);

    [Fact]
    public void Info_Bytes_AreFrozen() => Check("info", ContractsJson.Bus.DeviceInfo, Info);

    [Fact]
    public void Heartbeat_Bytes_AreFrozen() => Check("heartbeat", ContractsJson.Bus.Heartbeat, Beat);

    [Fact]
    public void CountedReport_Bytes_AreFrozen() => Check("report.counted", ContractsJson.Bus.DeviceReport, Report with { Boot = 1790000000 });

    [Fact]
    public void CountedInfo_Bytes_AreFrozen() => Check("info.counted", ContractsJson.Bus.DeviceInfo, Info with { Boot = 1790000000, Sequence = 8 });

    [Fact]
    public void CountedHeartbeat_Bytes_AreFrozen() => Check("heartbeat.counted", ContractsJson.Bus.Heartbeat, Beat with { Boot = 1790000000, Sequence = 9 });

    [Fact]
    public void Command_Bytes_AreFrozen() => Check("command", ContractsJson.Bus.Command, new()
    {
        Device = Pi,
        Verb = Verbs.Logs,
        Nonce = "n-1",
        Session = "s-1",
        Credit = 64,
        Logs = new() { Namespace = Default, Name = Hello, Container = "web", Tail = 10, Follow = true },
    });

    [Fact]
    public void Frame_Bytes_AreFrozen() => Check("frame", ContractsJson.Bus.ReplyFrame, new()
    {
        Device = Pi,
        Session = "s-1",
        Sequence = 3,
        Kind = FrameKind.Data,
        Data = "hé\n"u8.ToArray(),
    });

    [Fact]
    public void Score_Bytes_AreFrozen() => Check("score", ContractsJson.Scores.ReconcileScore, new()
    {
        PodmanV0 = new()
        {
            Containers =
            [
                new()
                {
                    Name = "web",
                    Image = "localhost/hello-web:1",
                    Command = ["/bin/sh"],
                    Args = ["-c", "exit 0"],
                    Env = [new() { Name = "A", Value = "1" }],
                    Ports = [new() { Port = 80, HostPort = 8080, HostIp = "127.0.0.1", Protocol = "TCP" }],
                    VolumeMounts = [new() { HostPath = "/srv", MountPath = "/data", ReadOnly = true }, new() { Volume = "v", MountPath = "/v" }],
                    Limits = new() { MemoryBytes = 1 << 26, CpuMillicores = 250 },
                },
            ],
            RestartPolicy = RestartPolicy.OnFailure,
            TerminationGracePeriodSeconds = 5,
        },
    });

    [Fact]
    public void Deployment_Bytes_AreFrozen() => Check("deployment", ContractsJson.Resources.Deployment, new()
    {
        Metadata = new()
        {
            Name = "hello",
            Namespace = "default",
            Uid = "u-1",
            ResourceVersion = "12",
            Generation = 2,
            CreationTimestamp = At,
            Finalizers = [ApiGroup.ManifestFinalizer],
            Labels = Labels,
        },
        Spec = new()
        {
            TargetSelector = new() { MatchLabels = Labels, MatchExpressions = [new() { Key = "tier", Operator = "In", Values = ["x"] }] },
            Score = new() { PodmanV0 = new() { Containers = [new() { Name = "web", Image = "a" }] } },
        },
        Status = new()
        {
            ObservedGeneration = 2,
            Aggregate = new() { MatchedDeviceCount = 3, Succeeded = 1, Failed = 1, Unreachable = 1, LastError = new() { Device = Pi, Message = "m", At = At } },
            Conditions = [new() { Type = ConditionTypes.Converged, Status = ConditionStatus.False, Reason = "Failed", Message = "1 of 3", LastTransitionTime = At, ObservedGeneration = 2 }],
        },
    });

    private static void Check<T>(string name, JsonTypeInfo<T> type, T value)
        where T : notnull
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Golden", name + ".json");
        var written = JsonSerializer.Serialize(value, type);
        if (Environment.GetEnvironmentVariable("HARMONY_FLEET_WRITE_GOLDEN") is { Length: > 0 } folder && !File.Exists(Path.Combine(folder, name + ".json")))
        {
            File.WriteAllText(Path.Combine(folder, name + ".json"), written + "\n");
            return;
        }

        var golden = File.ReadAllText(file).TrimEnd('\n');
        written.ShouldBe(golden);
        var read = JsonSerializer.Deserialize(Encoding.UTF8.GetBytes(golden), type)!;
        JsonSerializer.Serialize(read, type).ShouldBe(golden);
    }
}
