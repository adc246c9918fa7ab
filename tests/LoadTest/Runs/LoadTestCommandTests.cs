using System.Text.Json;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.LoadTests;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Deploy.LoadTests;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.LoadTest.Runs;

/// <summary>The command with its program, on a small fleet of real processes.</summary>
public sealed class LoadTestCommandTests
{
    private static readonly LoadTestResult Sample = new()
    {
        Devices = 10, Deployments = 5, Pairs = 50, Agents = LoadTestAgents.States, Writes = 100, WritesPerSecond = 10, Errors = 0, WrongAggregates = 0, LagP50Ms = 1, LagP99Ms = 2, LagSamples = 3,
        ConvergenceSeconds = 0, SetupSeconds = 1, OperatorRssMiB = 1, OperatorCpuSeconds = 1, NatsRssMiB = 1, NatsCpuSeconds = 1, WriterCpuSeconds = 1,
    };

    [Fact]
    public async Task SmallRun_HasEveryAggregateRight_AndLeavesNothingBehind()
    {
        await using var run = await RunningProgram.StartAsync([Cli, "load-test", "--devices", "40", "--deployments", "12", "--rate", "200", "--duration", "3s", "-o", "json"]);
        (await run.EndAsync()).ShouldBe(0, run.Output);

        var json = JsonElement.Parse(run.Output[run.Output.IndexOf('{', StringComparison.Ordinal)..(run.Output.LastIndexOf('}') + 1)]);
        json.GetProperty("wrongAggregates").GetInt32().ShouldBe(0);
        json.GetProperty("errors").GetInt64().ShouldBe(0);
        json.GetProperty("writesPerSecond").GetDouble().ShouldBeGreaterThan(0);
        json.GetProperty("lagSamples").GetInt32().ShouldBeGreaterThan(0);
        json.GetProperty("lagP50Ms").GetDouble().ShouldBeLessThanOrEqualTo(json.GetProperty("lagP99Ms").GetDouble());
        json.GetProperty("operatorRssMiB").GetDouble().ShouldBeGreaterThan(0);
        json.GetProperty("operatorCpuSeconds").GetDouble().ShouldBeGreaterThan(0);
        json.GetProperty("natsRssMiB").GetDouble().ShouldBeGreaterThan(0);
        json.GetProperty("convergenceSeconds").GetDouble().ShouldBeGreaterThanOrEqualTo(0);
        json.GetProperty("turnP99Ms").GetDouble().ShouldBeGreaterThan(0, "the operator's own meter is read");
        json.GetProperty("agents").GetString().ShouldBe("states");
    }

    /// <summary>Containers end meanwhile, and run again.</summary>
    [Fact]
    public async Task RealAgents_HaveEveryAggregateRight()
    {
        await using var run = await RunningProgram.StartAsync([Cli, "load-test", "--agents", "real", "--devices", "8", "--deployments", "6", "--rate", "2", "--duration", "8s", "-o", "json"]);
        (await run.EndAsync()).ShouldBe(0, run.Output);

        var json = JsonElement.Parse(run.Output[run.Output.IndexOf('{', StringComparison.Ordinal)..(run.Output.LastIndexOf('}') + 1)]);
        json.GetProperty("wrongAggregates").GetInt32().ShouldBe(0);
        json.GetProperty("writes").GetInt64().ShouldBeGreaterThan(0, "the agents reported");
        json.GetProperty("errors").GetInt64().ShouldBe(0);
        json.GetProperty("lagSamples").GetInt32().ShouldBeGreaterThan(0, "the probes' containers ended, and their agents said so");
        json.GetProperty("lagP50Ms").GetDouble().ShouldBeGreaterThan(0);
        json.GetProperty("agents").GetString().ShouldBe("real");
    }

    [Fact]
    public async Task FleetThatRuns_IsLoadedWhereItIsAllowed_AndLeftAsItWas()
    {
        using var folder = new TempFolder();
        var data = folder.File("data");
        await using var up = await RunningProgram.StartAsync([Cli, "up", "--devices", "0", "--data", data]);
        await Eventually.HoldsAsync(() => up.Output.Contains("The fleet is up", StringComparison.Ordinal), "the fleet is up", TimeSpan.FromSeconds(60));

        await using var asked = await RunningProgram.StartAsync([Cli, "load-test", "--present", "--data", data]);
        (await asked.EndAsync()).ShouldBe(2, asked.Output);
        await using var run = await RunningProgram.StartAsync([Cli, "load-test", "--present", "--yes", "--data", data, "--devices", "20", "--deployments", "6", "--rate", "50", "--duration", "1s"]);
        (await run.EndAsync()).ShouldBe(0, run.Output);
        run.Output.ShouldContain("every aggregate is right");

        await using var deployments = await RunningProgram.StartAsync([Cli, "get", "deployments", "--data", data]);
        await deployments.EndAsync();
        deployments.Output.ShouldContain("No deployments");
        await using var devices = await RunningProgram.StartAsync([Cli, "get", "devices", "--data", data]);
        await devices.EndAsync();
        devices.Output.ShouldContain("No devices");
        await up.StopAsync("TERM");
    }

    [Fact]
    public async Task RealAgents_OnAFleetThatRuns_AreRefused()
    {
        await using var run = await RunningProgram.StartAsync([Cli, "load-test", "--agents", "real", "--present"]);
        (await run.EndAsync()).ShouldBe(2);
        run.Output.ShouldContain("leave --present out");
    }

    [Fact]
    public async Task Interrupted_EndsItsFleet_AndIts130()
    {
        await using var run = await RunningProgram.StartAsync([Cli, "load-test", "--devices", "40", "--deployments", "12", "--rate", "20", "--duration", "5m"]);
        await Eventually.HoldsAsync(() => run.Output.Contains("load ...", StringComparison.Ordinal), "it writes", TimeSpan.FromSeconds(60));

        (await run.StopAsync("TERM")).ShouldBe(130, run.Output);
        var url = run.Output.Split('\n').Single(line => line.StartsWith("operator: http", StringComparison.Ordinal)).Split(' ')[1];
        using var client = new HttpClient();
        await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(new Uri(url + "/healthz"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void WrongAggregate_IsAFailure_InEitherFormat()
    {
        foreach (var format in new[] { OutputFormat.Json, OutputFormat.Table })
        {
            var (output, error) = (new StringWriter(), new StringWriter());
            var action = new LoadTestAction(new CliHost(new CliConsole(output, error, Stream.Null), _ => null, TimeProvider.System, "/"));

            action.Conclude(Sample, format).ShouldBe(ExitCode.Done);
            error.ToString().ShouldBeEmpty();
            action.Conclude(Sample with { WrongAggregates = 2 }, format).ShouldBe(ExitCode.Failed);
            error.ToString().ShouldContain("2 of 5 Deployments have counts that are not what was written");
        }
    }

    private static string Cli => Path.GetFullPath("../../Harmony.Fleet.Cli/release/Harmony.Fleet.Cli", AppContext.BaseDirectory);
}
