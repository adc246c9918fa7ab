using System.Text;
using System.Text.RegularExpressions;
using Harmony.Fleet.Deploy.NatsServers;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Operator.Api;

namespace Harmony.Fleet.Tests.Operator.Hosting;

[Trait("Category", "Integration")]
public sealed partial class OperatorProcessTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly string listen = $"http://127.0.0.1:{FreePort.Next()}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string NoNats => $"nats://127.0.0.1:{FreePort.Next()}";

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Operator_WithRealNats_GetsReadyAndStopsOnSigterm()
    {
        var port = FreePort.Next();
        var user = OperatorProgram.Configure(folder, listen, $"nats://127.0.0.1:{port}");
        await using var nats = await NatsServer.StartAsync(
            NatsVersions.Newest, site => new ServerConfig { Port = site.Port, StoreDirectory = site.StoreDirectory, OperatorPublicKey = user }.Render());
        OperatorProgram.Configure(folder, listen, nats.Url, "operator.json");
        await using var fleet = await OperatorProgram.StartAsync(folder);
        using var client = OperatorProgram.Client(listen);

        await fleet.AnswersAsync(client, "/readyz");
        var buckets = await client.GetStringAsync("/api/v1/kv", Stop);
        buckets.ShouldContain("desired-state");
        using var device = await client.PutAsync(Samples.Pi, new StringContent(Samples.Device(), Encoding.UTF8, "application/json"), Stop);
        ((int)device.StatusCode).ShouldBe(201);
        using var ping = await client.PostAsync(Samples.Pi + "/ping", null, Stop);
        ((int)ping.StatusCode).ShouldBe(504, await ping.Content.ReadAsStringAsync(Stop));

        (await fleet.StopAsync()).ShouldBe(0, fleet.Output);
        LogLine().IsMatch(fleet.Output).ShouldBeTrue(fleet.Output);
        fleet.Output.ShouldNotContain("fail:");
        fleet.Output.ShouldNotContain(OperatorProgram.Token);
    }

    [Fact]
    public async Task Operator_WithoutNats_ServesItsResourcesAndIsNotReady()
    {
        OperatorProgram.Configure(folder, listen, NoNats);
        await using var fleet = await OperatorProgram.StartAsync(folder);
        using var client = OperatorProgram.Client(listen);
        await fleet.AnswersAsync(client, "/healthz");

        using var put = await client.PutAsync(Samples.Web, new StringContent(Samples.Deployment(), Encoding.UTF8, "application/json"), Stop);
        ((int)put.StatusCode).ShouldBe(201);
        using var ready = await client.GetAsync("/readyz", Stop);

        ((int)ready.StatusCode).ShouldBe(503);
        (await ready.Content.ReadAsStringAsync(Stop)).ShouldContain("There is no connection to NATS.");
    }

    [Fact]
    public async Task Operator_KilledAndStartedAgain_HasWhatItAcknowledged()
    {
        OperatorProgram.Configure(folder, listen, NoNats);
        using var client = OperatorProgram.Client(listen);
        await using (var first = await OperatorProgram.StartAsync(folder))
        {
            await first.AnswersAsync(client, "/healthz");
            using var put = await client.PutAsync(Samples.Web, new StringContent(Samples.Deployment(), Encoding.UTF8, "application/json"), Stop);
            ((int)put.StatusCode).ShouldBe(201);
            await first.StopAsync("KILL");
        }

        await using var second = await OperatorProgram.StartAsync(folder);
        await second.AnswersAsync(client, "/healthz");

        (await client.GetStringAsync(Samples.Web, Stop)).ShouldContain("docker.io/library/web:1");
    }

    [Fact]
    public async Task Operator_OnAUnixSocket_ServesAndTakesOverAStaleOne()
    {
        var address = "unix:" + folder.File("run/operator.sock");
        OperatorProgram.Configure(folder, address, NoNats);
        using var client = OperatorProgram.Client(address);
        await using (var first = await OperatorProgram.StartAsync(folder))
        {
            await first.AnswersAsync(client, "/healthz");
            await first.StopAsync("KILL");
        }

        File.Exists(folder.File("run/operator.sock")).ShouldBeTrue("a killed operator leaves its socket behind");
        using var again = OperatorProgram.Client(address);
        await using var second = await OperatorProgram.StartAsync(folder);
        await second.AnswersAsync(again, "/healthz");
        (await second.StopAsync()).ShouldBe(0, second.Output);
    }

    [Fact]
    public async Task SecondOperator_OnTheSameData_IsRefusedWithThePid()
    {
        OperatorProgram.Configure(folder, listen, NoNats);
        await using var first = await OperatorProgram.StartAsync(folder);
        using var client = OperatorProgram.Client(listen);
        await first.AnswersAsync(client, "/healthz");

        await using var second = await OperatorProgram.StartAsync(folder);

        (await second.EndAsync()).ShouldBe(1);
        second.Output.ShouldContain($"in use by process {first.Id}");
    }

    [Fact]
    public async Task Operator_OnAPortInUse_SaysSoAndEnds()
    {
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        OperatorProgram.Configure(folder, $"http://{other.LocalEndpoint}", NoNats);
        await using var fleet = await OperatorProgram.StartAsync(folder);

        (await fleet.EndAsync()).ShouldBe(1, fleet.Output);
        fleet.Output.ShouldContain($"The operator cannot listen on http://{other.LocalEndpoint}");
        fleet.Output.ShouldContain("already in use");
        fleet.Output.Contains("Unhandled exception", StringComparison.Ordinal).ShouldBeFalse(fleet.Output);
    }

    [Fact]
    public async Task Operator_WithADamagedStore_SaysSoAndLeavesIt()
    {
        OperatorProgram.Configure(folder, listen, NoNats);
        Directory.CreateDirectory(folder.File("data"));
        await File.WriteAllTextAsync(folder.File("data/fleet.db"), new string('x', 10_000), Stop);
        await using var fleet = await OperatorProgram.StartAsync(folder);

        (await fleet.EndAsync()).ShouldBe(1, fleet.Output);
        fleet.Output.ShouldContain("left as it is");
        (await File.ReadAllTextAsync(folder.File("data/fleet.db"), Stop)).ShouldBe(new string('x', 10_000));
    }

    [Fact]
    public async Task Operator_StoppedWhileItStarts_EndsInOrder()
    {
        var socket = folder.File("run/operator.sock");
        OperatorProgram.Configure(folder, "unix:" + socket, NoNats);
        (await StartInterruption.ProblemsAsync(() => OperatorProgram.RunAsync("--config", folder.File("operator.json")), null, socket)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Operator_UnderSystemd_IsReadyGivesSignsOfLifeAndSaysThatItStops()
    {
        OperatorProgram.Configure(folder, listen, NoNats);
        await using var systemd = new NotifySocket(folder.File("notify"));
        await using var fleet = await RunningProgram.StartAsync(
            "env", $"NOTIFY_SOCKET={systemd.Path}", "WATCHDOG_USEC=400000", "dotnet", OperatorProgram.Program, "--config", folder.File("operator.json"));
        await systemd.HearsAsync("READY=1");
        using var client = OperatorProgram.Client(listen);
        (await client.GetStringAsync("/healthz", Stop)).ShouldNotBeNull();
        await systemd.HearsAsync("WATCHDOG=1", times: 5);
        (await fleet.StopAsync()).ShouldBe(0, fleet.Output);
        await Eventually.HoldsAsync(() => systemd.Heard.Contains("STOPPING=1"), "it said that it stops");
        systemd.Heard[0].ShouldBe("READY=1");
    }

    /// <summary>The library lies beside the program: a file that is none, and none at all.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Operator_WithoutItsSqlite_SaysSoInOneSentence(bool isDamaged)
    {
        OperatorProgram.Configure(folder, listen, NoNats);
        var copy = OperatorProgram.CopyTo(folder.File("program"));
        var libraries = Directory.GetFiles(copy, "libe_sqlite3.so", SearchOption.AllDirectories);
        libraries.ShouldNotBeEmpty();
        foreach (var library in libraries)
        {
            File.Delete(library);
            if (isDamaged)
            {
                await File.WriteAllTextAsync(library, string.Empty, Stop);
            }
        }

        await using var fleet = await RunningProgram.StartAsync(
            "dotnet", Path.Combine(copy, Path.GetFileName(OperatorProgram.Program)), "--config", folder.File("operator.json"));
        (await fleet.EndAsync()).ShouldBe(8, fleet.Output);
        var sentence = fleet.Output.Trim().Split('\n').ShouldHaveSingleItem();
        sentence.ShouldStartWith("fleet-operator: The SQLite library libe_sqlite3.so");
        sentence.ShouldContain("install the program again");
    }

    [Theory]
    [InlineData("operator.json")]
    [InlineData("master")]
    public async Task Operator_StoppedWhileItReadsItsSettings_EndsInOrder(string file)
    {
        OperatorProgram.Configure(folder, listen, NoNats);
        (await StartInterruption.StopWhileItReadsAsync(folder.File(file), () => OperatorProgram.RunAsync("--config", folder.File("operator.json")))).ShouldBe(0);
    }

    [Fact]
    public async Task SelfTest_WithSettingsThatAreWrong_TellsThemAndTriesNothingThatNeedsThem()
    {
        OperatorProgram.Configure(folder, listen, NoNats);
        File.Delete(folder.File("master"));
        var pipe = await folder.PipeAsync("master");
        await using var fleet = await OperatorProgram.StartAsync("--self-test", "--config", folder.File("operator.json"));
        (await fleet.EndAsync()).ShouldBe(9);
        fleet.Output.ShouldStartWith($"""
            FAIL  config  masterKeyFile: {pipe} cannot be read: it is a pipe, not a file.
            warn  nats    not looked at, for the settings are wrong.
            warn  disk    not looked at, for the settings are wrong.

            """);
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("--help")]
    [InlineData("--self-test")]
    public async Task Operator_WhoseOutputCannotBeWritten_SaysSo(string call)
    {
        OperatorProgram.Configure(folder, listen, NoNats);
        await using var fleet = await RunningProgram.StartAsync("bash", "-c", $"dotnet {OperatorProgram.Program} --config {folder.File("operator.json")} {call} > /dev/full");
        (await fleet.EndAsync()).ShouldBe(1, fleet.Output);
        fleet.Output.Trim().ShouldBe("fleet-operator: stdout cannot be written: No space left on device.");
    }

    [Theory]
    [InlineData(2, "Usage:")]
    [InlineData(2, "Usage:", "--confg", "operator.json")]
    [InlineData(2, "cannot be read", "--config", "/nowhere/operator.json")]
    [InlineData(0, "Usage:", "--help")]
    [InlineData(0, "0.1.0", "--version")]
    public async Task Operator_WithTheseArguments_EndsWith(int code, string says, params string[] args)
    {
        await using var fleet = await OperatorProgram.StartAsync(args);

        (await fleet.EndAsync()).ShouldBe(code);
        fleet.Output.ShouldContain(says);
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z info: ", RegexOptions.Multiline, 1000)]
    private static partial Regex LogLine();
}
