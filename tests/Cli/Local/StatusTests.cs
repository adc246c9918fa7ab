using System.Text.Json;
using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Tests.Cli.Local;

public sealed class StatusTests : IDisposable
{
    private readonly CliUnderTest cli = new();

    public StatusTests() => cli.Time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Samples.Then.AddMinutes(5));

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Status_ListsTheParts_OfAFleetThatIsWhole()
    {
        Runs(Part("nats", ProcessIdentity.Self.StartTicks, 0), Part("operator", ProcessIdentity.Self.StartTicks, 2));
        (await cli.RunAsync("status", "--data", "data")).ShouldBe(new CliRun(
            0,
            $"""
            phase    Ready
            devices  1
            process  {Environment.ProcessId}
            data     {cli.Folder}/data

            PART      STATE    {"PID".PadLeft($"{Environment.ProcessId}".Length)}  SINCE  RESTARTS  LOG
            nats      Running  {Environment.ProcessId,3}  5m            0  logs/nats.log
            operator  Running  {Environment.ProcessId,3}  5m            2  logs/operator.log

            """,
            string.Empty));
    }

    [Fact]
    public async Task Status_WhileAPartIsDown_IsDegraded_NotReady()
    {
        Runs(Part("nats", ProcessIdentity.Self.StartTicks, 0), Part("operator", ProcessIdentity.Self.StartTicks + 1, 3), Part("device-1", null, 1));
        var run = await cli.RunAsync("status", "--data", "data", "-o", "json");
        run.Code.ShouldBe(1);
        run.Error.ShouldBe($"error: operator is down: it is started again by itself; see why it ended in {cli.Folder}/data/logs/operator.log\n");
        var status = JsonElement.Parse(run.Out);
        status.GetProperty("phase").GetString().ShouldBe("Degraded");
        status.GetProperty("parts").EnumerateArray().Select(part => $"{part.GetProperty("name")} {part.GetProperty("state")} {part.GetProperty("restarts")}")
            .ShouldBe(["nats Running 0", "operator Down 3", "device-1 Down 1"]);
        status.GetProperty("parts")[1].TryGetProperty("pid", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(200, 0, "Ready", "Running", "")]
    [InlineData(503, 1, "Degraded", "Silent", "operator is not ready (/readyz answers 503): see ")]
    [InlineData(null, 1, "Degraded", "Silent", "operator does not answer within 3 s: see ")]
    public async Task Status_AsksTheOperator(int? answer, int code, string phase, string state, string error)
    {
        cli.Time = TimeProvider.System;
        await using var server = await ScriptedServer.StartAsync();
        server.On("GET /readyz", async (_, response) =>
        {
            response.StatusCode = answer ?? 200;
            await Task.Delay(answer is null ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, response.HttpContext.RequestAborted);
        });
        Runs(Part("nats", ProcessIdentity.Self.StartTicks, 0), Part("operator", ProcessIdentity.Self.StartTicks, 0));
        cli.Write("data/token", ScriptedServer.Token);
        cli.Write("data/run/stack.json", $$"""{"server":"{{server.Address}}","tokenFile":"{{cli.Folder}}/data/token"}""");

        var run = await cli.RunAsync("status", "--data", "data", "-o", "json");

        run.Code.ShouldBe(code, run.Error);
        var status = JsonElement.Parse(run.Out);
        status.GetProperty("phase").GetString().ShouldBe(phase);
        status.GetProperty("parts")[0].GetProperty("state").GetString().ShouldBe("Running");
        status.GetProperty("parts")[1].GetProperty("state").GetString().ShouldBe(state);
        run.Error.ShouldStartWith(error.Length == 0 ? string.Empty : $"error: {error}{cli.Folder}/data/logs/operator.log; where its process {Environment.ProcessId} hangs");
    }

    [Fact]
    public async Task Status_WhileTheFleetIsStopped_IsAFailure()
    {
        Runs(Part("nats", ProcessIdentity.Self.StartTicks, 0));
        cli.Write("data/run/state.json", File.ReadAllText(Path.Combine(cli.Folder, "data/run/state.json")).Replace("Ready", "Stopping", StringComparison.Ordinal));
        var run = await cli.RunAsync("status", "--data", "data");
        run.Code.ShouldBe(1);
        run.Out.ShouldStartWith("phase    Stopping\n");
        run.Error.ShouldBe("error: the fleet is being stopped: wait for its end with fleet down --data data\n");
    }

    [Fact]
    public async Task Status_WhereNothingRuns_IsDown()
    {
        var run = await cli.RunAsync("status", "--data", "data", "-o", "json");
        run.Code.ShouldBe(6);
        JsonElement.Parse(run.Out).GetProperty("parts").GetArrayLength().ShouldBe(0);
        run.Error.ShouldBe($"error: no fleet runs from {cli.Folder}/data: start one with fleet up --data data\n");
    }

    private string Part(string name, long? startTicks, int restarts)
    {
        var process = startTicks is null ? string.Empty : $$""" "process":{"pid":{{Environment.ProcessId}},"startTicks":{{startTicks}}},""";
        return $$"""{"name":"{{name}}",{{process}}"since":"{{Samples.Then:O}}","restarts":{{restarts}},"logFile":"{{cli.Folder}}/data/logs/{{name}}.log"}""";
    }

    private void Runs(params string[] parts)
    {
        var self = ProcessIdentity.Self;
        foreach (var name in (string[])[".harmony-fleet", "fleet.json"])
        {
            cli.Write($"data/{name}", """{"id":"0123456789abcdef0123456789abcdef"}""");
        }

        cli.Write("data/run/state.json", $$$"""{"phase":"Ready","devices":1,"folder":"{{{cli.Folder}}}/data","supervisor":{"pid":{{{self.Pid}}},"startTicks":{{{self.StartTicks}}} },"parts":[{{{string.Join(',', parts)}}}]}""");
    }
}
