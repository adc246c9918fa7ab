using System.Collections.Concurrent;
using System.Text.Json;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace Harmony.Fleet.Tests.Cli.Logs;

/// <summary><c>fleet logs -f</c> over the end of a container and of connections.</summary>
public sealed class LogFollowerTests : IAsyncLifetime
{
    private const string Deployment = "GET /api/v1/namespaces/default/deployments/hello";
    private const string Device = "GET /api/v1/devices/pi-1";
    private const string Ended = "The log of default/hello on pi-1 ended: its container ended or was replaced. The next one is followed.\n";

    private readonly ManualTime time = new(Samples.Then);
    private readonly CliUnderTest cli = new();
    private readonly CancellationTokenSource interrupted = new();
    private readonly ConcurrentQueue<string> asked = [];
    private readonly ConcurrentDictionary<int, Action> afterwards = [];
    private ScriptedServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await ScriptedServer.StartAsync();
        cli.Time = time;
        cli.Facing(server.Address);
        server.On(Deployment, Samples.StoredDeployment("hello", Samples.Status(2, 1, 1)));
        server.On(Device, JsonSerializer.Serialize(Samples.Device("pi-1"), ResourceTypes.Devices.Json));
        Reports('a');
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        cli.Dispose();
        interrupted.Dispose();
    }

    [Fact]
    public async Task Container_ThatIsReplaced_IsFollowedByTheNext_WithAllOfItsLines()
    {
        Logs(() => Lines("ready"), () => Lines("ready", "two"));
        After(1, () => Reports('b'));
        (await FollowAsync()).ShouldBe(new CliRun(130, "ready\nready\ntwo\n", Ended + Ended));
        asked.ToArray()[..2].ShouldBe([string.Empty, "10000"]);
        server.Requests.First(request => request.Path.EndsWith("/logs", StringComparison.Ordinal)).Query.ShouldBe("?namespace=default&deployment=hello&follow=true");
    }

    [Fact]
    public async Task Container_ThatIsStartedAgain_ShowsNoLineTwice()
    {
        Logs(() => Lines("one", "two"), () => Lines("zero", "one", "two", "three"));
        After(1, () => Reports('a', startedAt: 5));
        (await FollowAsync()).ShouldBe(new CliRun(130, "one\ntwo\nthree\n", Ended + Ended));
        asked.ToArray()[..2].ShouldBe([string.Empty, "100"]);
    }

    [Fact]
    public async Task Lines_ThatCannotBeToldApart_AreShownTwiceRatherThanNotAtAll()
    {
        Logs(() => Lines("tick", "tick"), () => Lines("tick", "tick", "tick"));
        (await FollowAsync()).Out.Split('\n').Count(line => line == "tick").ShouldBeInRange(3, 4);
    }

    [Fact]
    public async Task Container_ThatWroteMoreThanWasAskedFor_LosesNothing()
    {
        string[] missed = [.. Enumerable.Range(1, 150).Select(number => $"line {number}")];
        Logs(() => Lines("one"), () => Lines(missed[50..]), () => Lines(["one", .. missed]));
        (await FollowAsync()).ShouldBe(new CliRun(130, string.Concat(missed.Prepend("one").Select(line => line + "\n")), Ended + Ended));
        asked.ToArray()[..3].ShouldBe([string.Empty, "100", "10000"]);
    }

    [Fact]
    public async Task Connection_ThatBreaks_IsMade_Again()
    {
        Logs(() => Lines("one") + """{"error":"pi-1 fell silent."}""" + "\n", () => "503", () => "503", () => Lines("one", "two"));
        (await FollowAsync()).ShouldBe(new CliRun(
            130, "one\ntwo\n", $"The log of default/hello on pi-1 broke off: pi-1 fell silent; trying again.\nThe log of default/hello on pi-1 goes on.\n{Ended}"));
    }

    [Fact]
    public async Task Operator_ThatIsAwayAfterTheEnd_IsToldOnce()
    {
        Logs(() => Lines("one"), () => "503", () => "503", () => Lines("one", "two"));
        (await FollowAsync()).ShouldBe(new CliRun(
            130, "one\ntwo\n", $"{Ended}The log of default/hello on pi-1 broke off: {server.Address} answers 503; trying again.\nThe log of default/hello on pi-1 goes on.\n{Ended}"));
    }

    [Fact]
    public async Task NextContainer_ThatIsNotThereYet_IsNoNews()
    {
        Logs(() => Lines("one"), () => "404", () => "404", () => Lines("one", "two"));
        (await FollowAsync()).ShouldBe(new CliRun(130, "one\ntwo\n", Ended + Ended));
    }

    [Fact]
    public async Task Container_ThatEndedForGood_IsNotReadAgainAndAgain()
    {
        Reports('a', state: "exited");
        Logs(() => Lines("done"));
        var following = cli.RunUntilAsync(interrupted.Token, "logs", "hello", "--device", "pi-1", "-f");
        await time.PassAsync(TimeSpan.FromSeconds(20), () => server.Requests.Count(request => request.Path == "/api/v1/devices/pi-1") > 3, "it looks again");
        await interrupted.CancelAsync();
        (await following).ShouldBe(new CliRun(130, "done\n", Ended));
        asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Deployment_ThatIsDeleted_EndsIt()
    {
        Logs(() => Lines("one"));
        After(1, () => server.Refuse(Deployment, 404, "NotFound", "deployment \\\"hello\\\" not found"));
        (await FollowAsync()).ShouldBe(new CliRun(3, "one\n", $"{Ended}error: deployment default/hello is deleted: there is nothing more to follow\n"));
    }

    [Fact]
    public async Task Device_ThatIsNotMeantAnyMore_EndsIt()
    {
        Logs(() => Lines("one"));
        After(1, () => server.On(Device, JsonSerializer.Serialize(Samples.Device("pi-1", label: "other"), ResourceTypes.Devices.Json)));
        (await FollowAsync()).ShouldBe(new CliRun(3, "one\n", $"{Ended}error: deployment default/hello is not meant for pi-1 any more: there is nothing more to follow\n"));
    }

    [Fact]
    public async Task Token_ThatIsNoLongerTaken_EndsIt()
    {
        Logs(() => Lines("one"));
        After(1, () => server.Refuse(Deployment, 401, "Unauthorized", "no"));
        (await FollowAsync()).Code.ShouldBe(7);
    }

    private static string Lines(params string[] lines) => string.Concat(lines.Select(line => $$"""{"stream":"stdout","text":"{{line}}\n"}""" + "\n"));

    /// <summary>What the log is each time that it is opened; after the last it goes on in silence, and then comes Ctrl-C.</summary>
    private void Logs(params Func<string>[] logs) => server.On("GET /api/v1/devices/pi-1/logs", async (request, response) =>
    {
        asked.Enqueue(System.Web.HttpUtility.ParseQueryString(request.Query)["tail"] ?? string.Empty);
        var number = asked.Count;
        if (number > logs.Length)
        {
            await response.Body.FlushAsync(interrupted.Token);
            await interrupted.CancelAsync();
            return;
        }

        var text = logs[number - 1]();
        response.StatusCode = text switch { "503" => 503, "404" => 404, _ => 200 };
        await response.WriteAsync(text switch
        {
            "503" => string.Empty,
            "404" => """{"kind":"Status","reason":"NotFound","message":"device pi-1 has no container of deployment default/hello","code":404}""",
            _ => text,
        });
        if (afterwards.TryGetValue(number, out var change))
        {
            await response.Body.FlushAsync(interrupted.Token);
            await Eventually.HoldsAsync(() => server.Requests.Any(asked => asked.Path.EndsWith("/device-state/pi-1", StringComparison.Ordinal)), "it looks which container it is");
            change();
        }
    });

    private void After(int opened, Action change) => afterwards[opened] = change;

    private void Reports(char id, int startedAt = 0, string state = "running")
    {
        var report = new DeviceReport
        {
            Device = DeviceId.Parse("pi-1"),
            Instance = "i-1",
            Sequence = 1,
            At = Samples.Then,
            Deployments =
            [
                new DeploymentReport
                {
                    Namespace = NamespaceName.Parse("default"), Name = DeploymentName.Parse("hello"), Uid = "u-1", ScoreDigest = Digest.Of("s"u8), Phase = Phase.Running,
                    Containers = [new ContainerReport { Name = "web", Id = new string(id, 64), State = state, StartedAt = Samples.Then.AddMinutes(startedAt) }],
                },
            ],
        };
        var value = new BucketValue { Key = "pi-1", Revision = 1, Created = Samples.Then, Value = JsonSerializer.SerializeToElement(report, ContractsJson.Bus.DeviceReport) };
        server.On("GET /api/v1/kv/device-state/pi-1", JsonSerializer.Serialize(value, ContractsJson.Api.BucketValue));
    }

    /// <summary>The pauses between two tries pass at once; the time that lines from before are waited for does not.</summary>
    private async Task<CliRun> FollowAsync()
    {
        var following = cli.RunUntilAsync(interrupted.Token, "logs", "hello", "--device", "pi-1", "-f");
        await time.PassAsync(TimeSpan.FromSeconds(2), () => following.IsCompleted, "it ends");
        return await following;
    }
}
