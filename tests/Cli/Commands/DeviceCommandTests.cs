using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness.Bus;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Cli.Commands;

/// <summary>The commands about devices and the bus, against the operator's real API.</summary>
public sealed class DeviceCommandTests : IAsyncLifetime
{
    private readonly CliUnderTest cli = new() { Time = new FakeTimeProvider(Samples.Then.AddHours(2)) };
    private OperatorServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await OperatorServer.StartAsync();
        await server.AddDeviceAsync(Samples.Device("pi-1"));
        await server.AddDeviceAsync(Samples.Device("pi-2", reachable: false));
        await server.AddDeviceAsync(Samples.Device("pi-3", label: "other"));
        cli.Facing(server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        cli.Dispose();
    }

    [Fact]
    public async Task Label_SetsAndRemoves()
    {
        (await cli.RunAsync("label", "device", "pi-1", "site=lyon", "tier=edge")).ShouldBe(new CliRun(0, "device pi-1 labelled\n", string.Empty));
        (await cli.RunAsync("label", "device", "pi-1", "site=lyon")).ShouldBe(new CliRun(0, "device pi-1 unchanged\n", string.Empty));
        (await cli.RunAsync("label", "device", "pi-1", "tier-", "site=paris")).ShouldBe(new CliRun(0, "device pi-1 labelled\n", string.Empty));
        var device = JsonElement.Parse((await cli.RunAsync("get", "device", "pi-1", "-o", "json")).Out);
        device.GetProperty("spec").GetProperty("labels").GetRawText().ReplaceWhitespace().ShouldBe("""{"site":"paris"}""");
        device.GetProperty("spec").GetProperty("inventory").GetProperty("cpus").GetInt32().ShouldBe(4);
    }

    [Fact]
    public async Task Label_ThatTheDeviceReports_CannotBeRemovedHere_AndThatIsSaid() =>
        (await cli.RunAsync("label", "device", "pi-1", "a-")).ShouldBe(new CliRun(
            0, "device pi-1 unchanged\n", "pi-1 itself reports the label a=b: it stays until the agent's settings change, or is overridden by a=VALUE.\n"));

    [Theory]
    [InlineData("label device pi-9 a=b", 3, "not found")]
    [InlineData("label device pi-1 a", 2, "'a' is no label: write key=value")]
    [InlineData("label device pi-1 =b", 2, "'=b' is no label: write key=value")]
    [InlineData("label device pi-1 a=_", 2, "'a=_' is no label: a value is empty, or has letters, digits, '-', '_' and '.', and begins and ends with a letter or digit (for example 'lyon' or 'rack_2')")]
    [InlineData("label device pi-1 site=a site=b", 2, "the label 'site' is given 2 times: say once what it shall be")]
    [InlineData("label device pi-1 site=a site-", 2, "the label 'site' is given 2 times")]
    [InlineData("label device pi-1", 2, "fleet label device needs LABELS")]
    [InlineData("label device pi-1 device-id=x", 2, "spec.labels.device-id: Forbidden")]
    public async Task Label_WithAMistake_IsTold(string line, int code, string message)
    {
        var run = await cli.RunAsync(line.Split(' '));
        run.Code.ShouldBe(code);
        run.Error.ShouldContain(message);
    }

    [Theory]
    [InlineData("get device device-9")]
    [InlineData("get device device-9 -w")]
    [InlineData("describe device device-9")]
    [InlineData("label device device-9 a=b")]
    [InlineData("delete device device-9 --yes")]
    [InlineData("ping device-9")]
    [InlineData("desired device-9 -o json")]
    [InlineData("logs hello --device device-9")]
    public async Task Device_ThatIsNotThere_IsToldWithHowToSeeThem(string line) =>
        (await cli.RunAsync(line.Split(' '))).ShouldBe(new CliRun(3, string.Empty, "error: device \"device-9\" not found: see which there are with fleet get devices\n"));

    [Theory]
    [InlineData("get deployment web", "")]
    [InlineData("describe deployment web -n plant", " --namespace plant")]
    [InlineData("delete deployment web --yes", "")]
    [InlineData("wait deployment web --for=converged -n plant", " --namespace plant")]
    [InlineData("logs web", "")]
    public async Task Deployment_ThatIsNotThere_IsToldWithHowToSeeThem(string line, string flags) =>
        (await cli.RunAsync(line.Split(' '))).ShouldBe(new CliRun(3, string.Empty, $"error: deployment \"web\" not found: see which there are with fleet get deployments{flags}\n"));

    [Fact]
    public async Task Describe_OfADeployment_TellsHowItStandsOnEachDevice()
    {
        await cli.RunAsync([.. "apply --name hello --image docker.io/library/nginx:1.27 --selector a=b --port 127.0.0.1:8080:80/udp --env A=1 --env B=2 --volume v:/v:ro --memory 64Mi --cpu 250m --label team=x".Split(' ')]);
        var uid = JsonElement.Parse((await cli.RunAsync("get", "deployment", "hello", "-o", "json")).Out).GetProperty("metadata").GetProperty("uid").GetString()!;
        await server.SetStatusAsync("hello", deployment => Samples.Converged(deployment, 1) with
        {
            Aggregate = new DeploymentAggregate
            {
                MatchedDeviceCount = 2, Succeeded = 1, Unreachable = 1,
                LastError = new DeviceError { Device = DeviceId.Parse("pi-2"), Message = "pull failed", At = Samples.Then.AddHours(1) },
            },
        });
        await server.PutReportAsync(Report("pi-1", uid));
        Golden.ShouldMatch("describe-deployment", (await cli.RunAsync("describe", "deployment", "hello")).ToString());
    }

    [Fact]
    public async Task Describe_OfADevice_TellsAll()
    {
        await cli.RunAsync("label", "device", "pi-1", "site=lyon");
        await server.PutReportAsync(Report("pi-1", "u-1") with
        {
            Refusal = new Refusal { Reason = RefusalReason.Stale, Message = "older than what is held", At = Samples.Then.AddHours(1) },
        });
        Golden.ShouldMatch("describe-device", (await cli.RunAsync("describe", "device", "pi-1")).ToString());
    }

    [Theory]
    [InlineData("describe device pi-9")]
    [InlineData("describe deployment nope")]
    [InlineData("desired pi-9")]
    [InlineData("kv get device-state pi-9")]
    [InlineData("kv get no-bucket pi-1")]
    [InlineData("kv ls no-bucket")]
    [InlineData("kv watch no-bucket")]
    public async Task WhatIsNotThere_IsNotFound(string line) => (await cli.RunAsync(line.Split(' '))).Code.ShouldBe(3);

    [Fact]
    public async Task Desired_ShowsTheScoresDecrypted()
    {
        await server.PutManifestAsync("pi-1", new ReconcileScore { PodmanV0 = new PodmanV0Score { Containers = [new Container { Name = "web", Image = "nginx:1" }] } });
        var json = JsonElement.Parse((await cli.RunAsync("desired", "pi-1")).Out);
        json.GetProperty("generation").GetProperty("counter").GetInt64().ShouldBe(7);
        var entry = json.GetProperty("entries").EnumerateArray().Single();
        entry.GetProperty("score").GetProperty("PodmanV0").GetProperty("containers")[0].GetProperty("image").GetString().ShouldBe("nginx:1");
        (await cli.RunAsync("desired", "pi-1", "-o", "yaml")).Out.ShouldContain("        image: \"nginx:1\"\n");
    }

    [Fact]
    public async Task Kv_ShowsTheBus()
    {
        await server.PutReportAsync(Report("pi-1", "u-1"));
        (await cli.RunAsync("kv", "ls")).Out.ShouldBe(
            "BUCKET            KEYS\ndesired-state        0\ndevice-heartbeat     0\ndevice-info          0\ndevice-state         1\nscores               0\n");
        (await cli.RunAsync("kv", "ls", "device-state")).Out.ShouldBe("pi-1\n");
        (await cli.RunAsync("kv", "ls", "device-state", "-o", "json")).Out.ReplaceWhitespace().ShouldBe("""{"items":["pi-1"]}""");
        JsonElement.Parse((await cli.RunAsync("kv", "ls", "-o", "json")).Out).GetProperty("items").GetArrayLength().ShouldBe(5);
        var value = await cli.RunAsync("kv", "get", "device-state", "pi-1");
        JsonElement.Parse(value.Out).GetProperty("device").GetString().ShouldBe("pi-1");
        value.Error.ShouldStartWith("pi-1: revision 1, stored ");
        JsonElement.Parse((await cli.RunAsync("kv", "get", "device-state", "pi-1", "-o", "json")).Out).GetProperty("revision").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task LastSeen_IsThatOfTheBus()
    {
        await server.Bus.Bucket(BucketNames.DeviceHeartbeat).PutAsync("pi-1", "{}"u8.ToArray(), default, TestContext.Current.CancellationToken);
        (await cli.RunAsync("get", "devices")).Out.ShouldMatch(@"pi-1  Reachable    2h ");
        (await cli.RunAsync("get", "device", "pi-1")).Out.ShouldMatch(@"pi-1  Reachable  2h ");
        (await cli.RunAsync("describe", "device", "pi-1")).Out.ShouldMatch(@"\nLast seen:      2h ago\n");
        server.Bus.GoDown();
        (await cli.RunAsync("get", "devices")).Out.ShouldContain("pi-1  Reachable    unknown  ");
    }

    [Fact]
    public async Task Kv_OfAManifest_HidesTheKeysOfScores_UnlessAsked()
    {
        await server.PutManifestAsync("pi-1", new ReconcileScore { PodmanV0 = new PodmanV0Score { Containers = [new Container { Name = "web", Image = "nginx:1" }] } });
        var hidden = await cli.RunAsync("kv", "get", "desired-state", "pi-1");
        Key(hidden).ShouldBe("***");
        hidden.Error.ShouldEndWith("with a MAC, keys hidden (--reveal shows them)\n");
        var revealed = await cli.RunAsync("kv", "get", "desired-state", "pi-1", "--reveal");
        Convert.FromBase64String(Key(revealed)).Length.ShouldBe(32);
        revealed.Error.ShouldEndWith("with a MAC\n");
        JsonElement.Parse((await cli.RunAsync("kv", "get", "desired-state", "pi-1", "-o", "json")).Out).GetProperty("value").GetProperty("entries")[0].GetProperty("key").GetString().ShouldBe("***");

        foreach (var (flags, isHidden) in (((string[], bool)[])[([], true), (["--reveal"], false)]))
        {
            using var interrupted = new CancellationTokenSource();
            var watching = cli.RunUntilAsync(interrupted.Token, ["kv", "watch", "desired-state", .. flags]);
            await Harness.Eventually.HoldsAsync(() => cli.Out.ToString().Contains("pi-1", StringComparison.Ordinal), "the value");
            await interrupted.CancelAsync();
            (await watching).Out.Contains("\"key\":\"***\"", StringComparison.Ordinal).ShouldBe(isHidden);
        }

        static string Key(CliRun run) => JsonElement.Parse(run.Out).GetProperty("entries")[0].GetProperty("key").GetString()!;
    }

    [Fact]
    public async Task Describe_OfAJobThatEndedWell_SaysCompleted()
    {
        await cli.RunAsync([.. "apply --name hello --image a --selector a=b --restart never".Split(' ')]);
        var uid = JsonElement.Parse((await cli.RunAsync("get", "deployment", "hello", "-o", "json")).Out).GetProperty("metadata").GetProperty("uid").GetString()!;
        var report = Report("pi-1", uid);
        var job = report.Deployments[0] with { Completed = true };
        await server.PutReportAsync(report with { Deployments = [job] });
        (await cli.RunAsync("describe", "deployment", "hello")).Out.ShouldMatch("pi-1 +Completed");
        (await cli.RunAsync("describe", "device", "pi-1")).Out.ShouldMatch("default/hello +Completed");

        await server.PutReportAsync(report with { Sequence = 2, Deployments = [job with { Completed = false, Containers = [job.Containers[0] with { State = "exited" }] }] });
        (await cli.RunAsync("describe", "deployment", "hello")).Out.ShouldMatch("pi-1 +Running");
    }

    [Fact]
    public async Task Wait_ThatTimesOut_NamesTheDevicesThatAreMissing()
    {
        await cli.RunAsync([.. "apply --name hello --image a --selector a=b".Split(' ')]);
        var stored = JsonElement.Parse((await cli.RunAsync("get", "deployment", "hello", "-o", "json")).Out);
        var uid = stored.GetProperty("metadata").GetProperty("uid").GetString()!;
        var score = Digest.Of(CanonicalScore.ToBytes(stored.GetProperty("spec").GetProperty("score").Deserialize(ContractsJson.Scores.ReconcileScore)!));
        await server.SetStatusAsync("hello", _ => new DeploymentStatus { ObservedGeneration = 1, Aggregate = new DeploymentAggregate { MatchedDeviceCount = 1, Pending = 1 } });
        var report = Report("pi-1", uid);
        foreach (var (deployment, missing) in (((DeploymentReport?, string)[])[
            (null, "no report"),
            (report.Deployments[0], "an older version"),
            (report.Deployments[0] with { Uid = "u-0" }, "not begun"),
            (report.Deployments[0] with { ScoreDigest = score, Phase = Phase.Pulling }, "Pulling")]))
        {
            if (deployment is not null)
            {
                report = report with { Sequence = report.Sequence + 1, Deployments = [deployment] };
                await server.PutReportAsync(report);
            }

            var run = await cli.RunAsync("wait", "deployment", "hello", "--for=converged", "--timeout", "0s");
            run.Code.ShouldBe(4);
            run.Error.ShouldContain("0 of 1 device succeeded, 1 pending; missing: pi-1 (" + missing + ").\n");
            run.Error.ShouldEndWith("did not converge after 0s: 0 of 1 device succeeded, 1 pending; missing: pi-1 (" + missing + ")\n");
        }
    }

    [Fact]
    public async Task Wait_WithManyDevices_NamesTheOneThatIsMissing_WhereverItIs()
    {
        await cli.RunAsync([.. "apply --name hello --image a --selector a=b".Split(' ')]);
        var stored = JsonElement.Parse((await cli.RunAsync("get", "deployment", "hello", "-o", "json")).Out);
        var uid = stored.GetProperty("metadata").GetProperty("uid").GetString()!;
        var score = Digest.Of(CanonicalScore.ToBytes(stored.GetProperty("spec").GetProperty("score").Deserialize(ContractsJson.Scores.ReconcileScore)!));
        await server.SetStatusAsync("hello", _ => new DeploymentStatus { ObservedGeneration = 1, Aggregate = new DeploymentAggregate { MatchedDeviceCount = 121, Succeeded = 120, Pending = 1 } });
        for (var number = 0; number <= 120; number++)
        {
            var name = number == 0 ? "pi-1" : $"pj-{number:000}";
            var report = Report(name, uid);
            await server.PutReportAsync(report with { Deployments = [report.Deployments[0] with { ScoreDigest = score, Phase = number == 115 ? Phase.Pulling : Phase.Running }] });
            await (number == 0 ? Task.CompletedTask : server.AddDeviceAsync(Samples.Device(name)));
        }

        var run = await cli.RunAsync("wait", "deployment", "hello", "--for=converged", "--timeout", "0s");
        run.Error.ShouldEndWith("120 of 121 devices succeeded, 1 pending; missing: pj-115 (Pulling)\n");
    }

    [Fact]
    public async Task Kv_OfBytesThatAreNoJson_ShowsThemAsBase64()
    {
        await server.Bus.Bucket(BucketNames.DeviceInfo).PutAsync("pi-1", new byte[] { 1, 2, 255 }, default, TestContext.Current.CancellationToken);
        var run = await cli.RunAsync("kv", "get", "device-info", "pi-1");
        run.Out.ShouldBe("AQL/\n");
        run.Error.ShouldEndWith("without a MAC, 3 bytes as base64\n");
        await server.Bus.Bucket(BucketNames.DeviceInfo).PutAsync("pi-1", new byte[] { 255 }, default, TestContext.Current.CancellationToken);
        (await cli.RunAsync("kv", "get", "device-info", "pi-1")).Error.ShouldEndWith("without a MAC, 1 byte as base64\n");
    }

    [Theory]
    [InlineData("kv ls nope", "bucket \"nope\" not found: see which there are with fleet kv ls")]
    [InlineData("kv get nope pi-1", "bucket \"nope\" not found: see which there are with fleet kv ls")]
    [InlineData("kv watch nope", "bucket \"nope\" not found: see which there are with fleet kv ls")]
    [InlineData("kv get device-info pi-9", "key \"pi-9\" not found in bucket device-info: see which there are with fleet kv ls device-info")]
    [InlineData("kv get device-info A.B", "key \"A.B\" not found in bucket device-info: see which there are with fleet kv ls device-info")]
    public async Task Kv_OfWhatIsNotThere_IsToldWithHowToSeeWhatIs(string line, string error) =>
        (await cli.RunAsync(line.Split(' '))).ShouldBe(new CliRun(3, string.Empty, $"error: {error}\n"));

    [Theory]
    [InlineData("get deployments hello -l a=b", "deployment")]
    [InlineData("get deployment hello -l a=b -w", "deployment")]
    [InlineData("get devices hello -l a=b", "device")]
    public async Task Get_OfOneByASelector_IsRefused(string line, string kind)
    {
        var run = await cli.RunAsync(line.Split(' '));
        run.Code.ShouldBe(2);
        run.Error.ShouldStartWith($"error: --selector picks from a list, and 'hello' names one {kind}: leave one of them out\n");
    }

    [Fact]
    public async Task Kv_WhenTheBusIsAway_SaysSo()
    {
        server.Bus.GoDown();
        var run = await cli.RunAsync("kv", "ls");
        run.Code.ShouldBe(6);
        run.Error.ShouldBe("error: the operator has no connection to NATS: broken by the test\n");
    }

    [Fact]
    public async Task KvWatch_ShowsValuesAndChanges()
    {
        using var interrupted = new CancellationTokenSource();
        await server.PutReportAsync(Report("pi-1", "u-1"));
        var watching = cli.RunUntilAsync(interrupted.Token, "kv", "watch", "device-state", "-o", "json");
        await Harness.Eventually.HoldsAsync(() => cli.Out.ToString().Contains("pi-1", StringComparison.Ordinal), "the value");
        await server.PutReportAsync(Report("pi-2", "u-2"));
        await server.Bus.Bucket(BucketNames.DeviceState).RemoveAsync("pi-1", TestContext.Current.CancellationToken);
        await Harness.Eventually.HoldsAsync(() => cli.Out.ToString().Contains("\"deleted\":true", StringComparison.Ordinal), "the changes");
        await interrupted.CancelAsync();
        var run = await watching;
        run.Code.ShouldBe(130);
        run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line).GetProperty("key").GetString()).ShouldBe(["pi-1", "pi-2", "pi-1"]);
    }

    [Fact]
    public async Task Ping_AndLogs_GoThroughTheOperator()
    {
        (await cli.RunAsync("ping", "pi-1")).Out.ShouldStartWith("pi-1: agent 0.1.0, up 1m, round trip ");
        (await cli.RunAsync("ping", "pi-2")).ShouldBe(new CliRun(6, string.Empty, "error: pi-2 did not answer within 5 s: see how it is with fleet get device pi-2\n"));
        (await cli.RunAsync("logs", "hello", "--device", "pi-1", "--tail", "7")).ShouldBe(new CliRun(0, "default/hello tail 7 follow False\nin two pieces ä\n", string.Empty));
        var failed = await cli.RunAsync("logs", "hello", "--device", "pi-1", "--container", "none");
        failed.Error.ShouldBe("error: there is no container none\n");
        failed.Code.ShouldBe(1);
    }

    private static DeviceReport Report(string device, string uid) => new()
    {
        Device = DeviceId.Parse(device),
        Instance = "i-1",
        Sequence = 1,
        At = Samples.Then.AddHours(1),
        ManifestGeneration = new Generation(3, 7),
        ManifestDigest = Digest.Of("m"u8),
        Deployments =
        [
            new DeploymentReport
            {
                Namespace = NamespaceName.Parse("default"), Name = DeploymentName.Parse("hello"), Uid = uid, ScoreDigest = Digest.Of("s"u8), Phase = Phase.Running, Since = Samples.Then,
                Containers = [new ContainerReport { Name = "hello", Id = new string('a', 64), State = "running", Restarts = 2 }],
            },
        ],
    };
}
