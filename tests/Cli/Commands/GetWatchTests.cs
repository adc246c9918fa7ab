using System.Text.Json;
using Harmony.Fleet.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace Harmony.Fleet.Tests.Cli.Commands;

public sealed class GetWatchTests : IAsyncLifetime
{
    private const string List = "/api/v1/namespaces/default/deployments";
    private readonly ManualTime time = new(Samples.Then.AddHours(2));
    private readonly CliUnderTest cli = new();
    private readonly CancellationTokenSource interrupted = new();
    private ScriptedServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await ScriptedServer.StartAsync();
        cli.Time = time;
        cli.Facing(server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        cli.Dispose();
        interrupted.Dispose();
    }

    [Fact]
    public async Task Watch_ShowsChanges_GoesOnWhereItWas_AndListsAgainWhenItMust()
    {
        var lists = 0;
        server.On($"GET {List}?limit=500", (_, response) => response.WriteAsync(++lists == 1
            ? $$"""{"metadata":{"resourceVersion":"5"},"items":[{{Item("a", "4")}},{{Item("b", "5")}}]}"""
            : $$"""{"metadata":{"resourceVersion":"20"},"items":[{{Item("a", "9")}},{{Item("d", "20")}}]}"""));

        // One change, then the connection ends; from 6 on a bookmark; from 9 on the operator no longer has what was missed.
        server.On($"GET {List}?watch=true&resourceVersion=5", (_, response) => response.WriteAsync(Line("MODIFIED", Item("a", "6"))));
        server.On($"GET {List}?watch=true&resourceVersion=6", (_, response) => response.WriteAsync(
            "\n" + Line("ADDED", Item("c", "7")) + Line("DELETED", Item("c", "8")) + Line("BOOKMARK", """{"metadata":{"resourceVersion":"9"}}""")));
        server.On($"GET {List}?watch=true&resourceVersion=9", (_, response) => response.WriteAsync(
            Line("ERROR", """{"kind":"Status","reason":"Expired","message":"too old","code":410}""")));
        server.On($"GET {List}?watch=true&resourceVersion=20", async (_, response) =>
        {
            await response.WriteAsync(Line("MODIFIED", Item("d", "21")));
            await response.Body.FlushAsync(interrupted.Token);
            await Task.Delay(Timeout.Infinite, interrupted.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        });

        var watching = cli.RunUntilAsync(interrupted.Token, "get", "deployments", "-w", "-o", "json");
        await SeesAsync(() => cli.Out.ToString().Contains("\"21\"", StringComparison.Ordinal), "the last change is shown");
        await interrupted.CancelAsync();
        var run = await watching;
        run.Code.ShouldBe(130);
        run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))
            .Select(line => $"{line.GetProperty("type").GetString()} {line.GetProperty("object").GetProperty("metadata").GetProperty("name").GetString()} {line.GetProperty("object").GetProperty("metadata").GetProperty("resourceVersion").GetString()}")
            .ShouldBe(["ADDED a 4", "ADDED b 5", "MODIFIED a 6", "ADDED c 7", "DELETED c 8", "DELETED b 5", "MODIFIED a 9", "ADDED d 20", "MODIFIED d 21"]);
    }

    [Fact]
    public async Task Table_WithoutATerminal_GetsALineForEachChange()
    {
        server.On($"GET {List}?limit=500", $$"""{"metadata":{"resourceVersion":"5"},"items":[{{Item("a", "5")}}]}""");
        server.On($"GET {List}?watch=true&resourceVersion=5", Endless(Line("ADDED", Item("bb", "6")) + Line("DELETED", Item("a", "7"))));
        var run = await WatchUntilAsync("Deleted", "get", "deployments", "-w");
        Golden.ShouldMatch("watch-lines", run.ToString());
    }

    [Fact]
    public async Task Server_ThatGoesAndComes_IsWaitedFor()
    {
        await using var real = await OperatorServer.StartAsync();
        await real.AddDeviceAsync(Samples.Device("pi-1"));
        var port = new Uri(real.Address).Port;
        var watching = cli.Facing(real.Address).RunUntilAsync(interrupted.Token, "get", "devices", "-w", "-o", "json");
        await SeesAsync(() => cli.Out.ToString().Contains("pi-1", StringComparison.Ordinal), "the list");
        await real.AddDeviceAsync(Samples.Device("pi-2"));
        await SeesAsync(() => cli.Out.ToString().Contains("pi-2", StringComparison.Ordinal), "the change");
        await real.DisposeAsync();
        await SeesAsync(() => cli.Error.ToString().Contains("trying again", StringComparison.Ordinal), "the loss is told");
        await using var again = await OperatorServer.StartAsync(port);
        await SeesAsync(() => cli.Error.ToString().EndsWith($"trying again\nconnected to {again.Address} again\n", StringComparison.Ordinal), "that it is back is told");
        await again.AddDeviceAsync(Samples.Device("pi-3"));
        await SeesAsync(() => cli.Out.ToString().Contains("pi-3", StringComparison.Ordinal), "the watch goes on");
        await interrupted.CancelAsync();
        (await watching).Code.ShouldBe(130);
    }

    [Fact]
    public async Task Name_ThatIsNotThere_IsNotFound()
    {
        server.On($"GET {List}?limit=500", """{"metadata":{"resourceVersion":"5"},"items":[]}""");
        (await cli.RunAsync("get", "deployment", "gone", "-w")).ShouldBe(new CliRun(3, string.Empty, "error: deployment \"gone\" not found: see which there are with fleet get deployments\n"));
    }

    [Fact]
    public async Task Watch_OfNoServer_DoesNotBegin()
    {
        cli.Facing($"http://127.0.0.1:{FreePort.Next()}");
        (await cli.RunAsync("get", "deployments", "-w")).Code.ShouldBe(6);
    }

    [Fact]
    public async Task Watch_ThatIsNoLongerAllowed_Ends()
    {
        server.On($"GET {List}?limit=500", """{"metadata":{"resourceVersion":"5"},"items":[]}""");
        server.Refuse($"GET {List}?watch=true&resourceVersion=5", 401, "Unauthorized", "no");
        (await cli.RunAsync("get", "deployments", "-w")).Code.ShouldBe(7);
    }

    private static string Item(string name, string version) => Samples.StoredDeployment(name, Samples.Status(2, 1, 1), version);

    private static string Line(string type, string item) => $$"""{"type":"{{type}}","object":{{item}}}""" + "\n";

    private Func<ScriptedRequest, HttpResponse, Task> Endless(string lines) => async (_, response) =>
    {
        await response.WriteAsync(lines);
        await response.Body.FlushAsync(interrupted.Token);
        await Task.Delay(Timeout.Infinite, interrupted.Token).ContinueWith(_ => { }, TaskScheduler.Default);
    };

    /// <summary>The pauses between two tries pass at once; the limit of a request that waits for its answer does not.</summary>
    private Task SeesAsync(Func<bool> condition, string what) => time.PassAsync(TimeSpan.FromSeconds(10), condition, what);

    private async Task<CliRun> WatchUntilAsync(string text, params string[] arguments)
    {
        var watching = cli.RunUntilAsync(interrupted.Token, arguments);
        await SeesAsync(() => cli.Out.ToString().Contains(text, StringComparison.Ordinal), text);
        await interrupted.CancelAsync();
        return await watching;
    }
}
