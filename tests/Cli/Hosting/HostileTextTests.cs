using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Tests.Cli.Hosting;

/// <summary>What devices and servers write, wherever it is shown: on a terminal it is text, and nothing else.</summary>
public sealed partial class HostileTextTests : IAsyncLifetime
{
    private const string Hostile = "x\e[2J\e]0;title\a\u009b31m\r\nerror: forged\u202egnp.exe\u202c\u2066\u200b\ufeff\u2028y\U000e0041 z";

    private static readonly ImmutableSortedDictionary<string, string> Labels = ImmutableSortedDictionary<string, string>.Empty.Add("a", "b").Add("k", Hostile);

    private readonly CliUnderTest cli = new() { IsTerminal = true };
    private ScriptedServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await ScriptedServer.StartAsync();
        cli.Facing(server.Address);
        var device = JsonSerializer.Serialize(Device(), ResourceTypes.Devices.Json);
        var deployment = JsonSerializer.Serialize(Deployment(), ResourceTypes.Deployments.Json);
        server.On("GET /api/v1/devices", $$"""{"items":[{{device}}]}""").On("GET /api/v1/devices/pi-1", device);
        server.On("GET /api/v1/namespaces/default/deployments", $$"""{"items":[{{deployment}}]}""").On("GET /api/v1/namespaces/default/deployments/hello", deployment);
        var report = new BucketWire(JsonSerializer.SerializeToElement(Report(), ContractsJson.Bus.DeviceReport)).ToString();
        server.On("GET /api/v1/kv/device-state/pi-1", report);
        server.On("GET /api/v1/kv/device-state", JsonSerializer.Serialize(new { items = new[] { Hostile } }));
        server.On("DELETE /api/v1/namespaces/default/deployments/hello", JsonSerializer.Serialize(new { kind = "Status", reason = "Invalid", message = Hostile, code = 422 }), 422);
        server.On("GET /api/v1/devices/pi-1/desired", JsonSerializer.Serialize(new { kind = "Status", reason = "InternalError", message = Hostile, code = 502 }), 502);
        server.On("GET /api/v1/devices/pi-1/logs", JsonSerializer.Serialize(new { stream = "stdout", text = Hostile + "\n" }) + "\n" + JsonSerializer.Serialize(new { error = Hostile }) + "\n");
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        cli.Dispose();
    }

    [Theory]
    [InlineData("get devices -o wide", 0)]
    [InlineData("get devices", 0)]
    [InlineData("get deployments -o wide", 0)]
    [InlineData("describe device pi-1", 0)]
    [InlineData("describe deployment hello", 0)]
    [InlineData("wait deployment hello --for=converged --timeout 1ms", 4)]
    [InlineData("kv ls device-state", 0)]
    [InlineData("kv get device-state pi-1", 0)]
    [InlineData("kv get device-state pi-1 -o json", 0)]
    [InlineData("get device pi-1 -o json", 0)]
    [InlineData("get device pi-1 -o yaml", 0)]
    [InlineData("delete deployment hello --yes", 2)]
    [InlineData("delete device pi-1", 1)]
    [InlineData("logs hello --device pi-1", 1)]
    public async Task Text_OfOthers_IsNoMoreThanText(string line, int code)
    {
        var run = await cli.RunAsync(line.Split(' '));
        run.Code.ShouldBe(code, run.ToString());
        OwnSequences().Replace(run.Out + run.Error, string.Empty).EnumerateRunes().Where(rune => rune.Value is not ('\n' or '\t') && IsObeyed(rune)).ShouldBeEmpty(run.ToString());
        run.Error.ReplaceLineEndings("\n").Split('\n').ShouldAllBe(said => !said.StartsWith("error: forged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Json_HasTheSameValues()
    {
        var read = JsonElement.Parse((await cli.RunAsync("get", "device", "pi-1", "-o", "json")).Out);
        read.GetProperty("status").GetProperty("agentVersion").GetString().ShouldBe(Hostile);
        read.GetProperty("metadata").GetProperty("labels").GetProperty("k").GetString().ShouldBe(Hostile);
    }

    /// <summary>With these a step that goes on is drawn again: the cursor hidden and shown, up some lines, the rest cleared.</summary>
    [GeneratedRegex(@"\r?\e\[(\?25[lh]|\d+A|0J)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OwnSequences();

    private static bool IsObeyed(Rune rune) => Rune.IsControl(rune) || rune.Value is (>= 0x200b and <= 0x200f and not 0x200c and not 0x200d)
        or (>= 0x2028 and <= 0x202e) or (>= 0x2060 and <= 0x206f) or 0xfeff or (>= 0xe0000 and <= 0xe0fff);

    private static Device Device() => new()
    {
        Metadata = new ObjectMeta { Name = "pi-1", Labels = Labels, Annotations = Labels },
        Spec = new DeviceSpec { Labels = Labels, Inventory = new Inventory { Hostname = Hostile, Model = Hostile, Architecture = Hostile, OperatingSystem = Hostile, Kernel = Hostile, PodmanVersion = Hostile } },
        Status = new DeviceStatus { AgentVersion = Hostile, ReportedLabels = Labels, Conditions = [Condition(ConditionTypes.Reachable, ConditionStatus.True)] },
    };

    private static Deployment Deployment()
    {
        var read = JsonSerializer.Deserialize(Samples.StoredDeployment("hello", Samples.Status(2, 1, 0, 1, Hostile)), ResourceTypes.Deployments.Json)!;
        return read with
        {
            Metadata = read.Metadata with { Labels = Labels, Finalizers = [Hostile] },
            Status = read.Status! with { Conditions = [Condition(ConditionTypes.Converged, ConditionStatus.False), Condition(ConditionTypes.Invalid, ConditionStatus.True)] },
        };
    }

    private static DeviceReport Report() => new()
    {
        Device = DeviceId.Parse("pi-1"), Instance = Hostile, Sequence = 1, At = Samples.Then,
        Refusal = new Refusal { Reason = RefusalReason.Malformed, Message = Hostile, At = Samples.Then },
        Deployments =
        [
            new DeploymentReport
            {
                Namespace = NamespaceName.Parse("default"), Name = DeploymentName.Parse("hello"), Uid = "u-1", ScoreDigest = Digest.Of("s"u8), Phase = Phase.Failed, LastError = Hostile,
                Containers = [new ContainerReport { Name = Hostile, Id = Hostile, State = Hostile }],
            },
            new DeploymentReport
            {
                Namespace = NamespaceName.Parse("default"), Name = DeploymentName.Parse("other"), Uid = "u-2", ScoreDigest = Digest.Of("s"u8), Phase = Phase.Running,
                Containers = [new ContainerReport { Name = Hostile, Id = Hostile, State = Hostile }],
            },
        ],
    };

    private static Condition Condition(string type, ConditionStatus status) => new() { Type = type, Status = status, Reason = Hostile, Message = Hostile, LastTransitionTime = Samples.Then };

    /// <summary>A value of a bucket, as the API answers with it.</summary>
    private sealed record BucketWire(JsonElement Value)
    {
        public override string ToString() => $$"""{"key":"pi-1","revision":7,"created":"2026-11-21T07:33:00Z","value":{{Value.GetRawText()}}}""";
    }
}
