using System.Diagnostics;
using System.Text.Json;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Tests.Harness;
using Microsoft.AspNetCore.Http;

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
    [InlineData(200, "ok", 0, "Ready", "Running", "")]
    [InlineData(200, "IntentLost: devices run what the store does not hold.", 1, "Degraded", "Warning", "the operator says IntentLost: devices run what the store does not hold: see ")]
    [InlineData(503, "lost", 1, "Degraded", "Silent", "operator is not ready (/readyz answers 503): see ")]
    [InlineData(null, "", 1, "Degraded", "Silent", "operator does not answer within 3 s: see ")]
    public async Task Status_AsksTheOperator(int? answer, string said, int code, string phase, string state, string error)
    {
        cli.Time = TimeProvider.System;
        await using var server = await ScriptedServer.StartAsync();
        server.On("GET /readyz", async (_, response) =>
        {
            response.StatusCode = answer ?? 200;
            await Task.Delay(answer is null ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, response.HttpContext.RequestAborted);
            await response.WriteAsync($$$"""{"ready":true,"state":"recovering 63 %","checks":{"nats":"ok","intent":"{{{said}}}"}}""");
        });
        Runs(Part("nats", ProcessIdentity.Self.StartTicks, 0), Part("operator", ProcessIdentity.Self.StartTicks, 0));
        cli.Write("data/token", ScriptedServer.Token);
        cli.Write("data/run/stack.json", $$"""{"server":"{{server.Address}}","tokenFile":"{{cli.Folder}}/data/token"}""");

        var run = await cli.RunAsync("status", "--data", "data", "-o", "json");

        run.Code.ShouldBe(code, run.Error);
        var status = JsonElement.Parse(run.Out);
        status.GetProperty("phase").GetString().ShouldBe(phase);
        (status.TryGetProperty("control", out var control) ? control.GetString() : null).ShouldBe(answer is null ? null : "recovering 63 %");
        status.GetProperty("parts")[0].GetProperty("state").GetString().ShouldBe("Running");
        status.GetProperty("parts")[1].GetProperty("state").GetString().ShouldBe(state);
        var advice = state == "Silent" ? $"; where its process {Environment.ProcessId} hangs" : "\n";
        run.Error.ShouldStartWith(error.Length == 0 ? string.Empty : $"error: {error}{cli.Folder}/data/logs/operator.log{advice}");
    }

    /// <summary>A fleet that has converged may know nothing of what some of its devices hold.</summary>
    [Theory]
    [InlineData(0, 0, "")]
    [InlineData(1, 1, "awaiting the report of 1 device\nunknown  1 deployment that one device alone says it runs: see fleet recover --data data\n")]
    [InlineData(3, 12, "awaiting the reports of 3 devices\nunknown  12 deployments that one device alone says it runs: see fleet recover --data data\n")]
    public async Task Status_TellsWhatIsAwaited_AndWhatNobodyKnows(int awaiting, int unknown, string lines)
    {
        cli.Time = TimeProvider.System;
        await using var server = await ScriptedServer.StartAsync();
        server.On("GET /readyz", $$$"""{"ready":true,"state":"converged","awaitingReport":{{{awaiting}}},"unknownDeployments":{{{unknown}}},"checks":{"nats":"ok"}}""");
        Runs(Part("operator", ProcessIdentity.Self.StartTicks, 0));
        cli.Write("data/token", ScriptedServer.Token);
        cli.Write("data/run/stack.json", $$"""{"server":"{{server.Address}}","tokenFile":"{{cli.Folder}}/data/token"}""");

        var run = await cli.RunAsync("status", "--data", "data");

        run.Code.ShouldBe(0, run.Error);
        run.Out.ShouldStartWith($"phase    Ready\ncontrol  converged\n{lines}API      ");
        var json = JsonElement.Parse((await cli.RunAsync("status", "--data", "data", "-o", "json")).Out);
        (json.GetProperty("awaitingReport").GetInt32(), json.GetProperty("unknownDeployments").GetInt32()).ShouldBe((awaiting, unknown));
    }

    [Fact]
    public async Task Status_OfAStoreThatLostSomething_NamesCommandLinesThatCanBePasted_AndUpPointsThere()
    {
        cli.Time = TimeProvider.System;
        await using var server = await ScriptedServer.StartAsync();
        server.On("GET /readyz", """{"ready":true,"state":"converged","checks":{"nats":"ok","intent":"IntentLost: devices run what the store does not hold: default/web. See them with 'fleet recover'; take them back with 'fleet recover --adopt'."}}""");
        server.On("GET /api/v1/recovery", """{"items":[{"namespace":"default","name":"web","uids":["u-1"],"devices":["pi-1"]}]}""");
        Runs(Part("operator", ProcessIdentity.Self.StartTicks, 0));
        cli.Write("data/token", ScriptedServer.Token);
        cli.Write("data/run/stack.json", $$"""{"server":"{{server.Address}}","natsUrl":"nats://127.0.0.1:1","tokenFile":"{{cli.Folder}}/data/token"}""");
        cli.Environment["HARMONY_FLEET_NAME"] = "./fleet";

        var status = await cli.RunAsync("status", "--data", "data");
        status.Code.ShouldBe(1);
        status.Error.ShouldBe("error: the operator says IntentLost: devices run what the store does not hold: default/web. See them with ./fleet recover --data data; take them back with ./fleet recover --adopt --data data\n");

        var up = await cli.RunAsync("up", "--data", "data");
        up.Code.ShouldBe(0, up.Error);
        up.Error.ShouldContain($"The store has lost deployments that devices run, of which nothing is touched: ./fleet recover --data {cli.Folder}/data shows what can be done.\n");

        server.On("GET /api/v1/recovery", """{"items":[]}""");
        (await cli.RunAsync("up", "--data", "data")).Error.ShouldNotContain("lost");
    }

    /// <summary>A script may wait until it is up: <c>until fleet status; do sleep 1; done</c>.</summary>
    [Theory]
    [InlineData("Starting", "started: ask again in a moment")]
    [InlineData("Stopping", "stopped: wait for its end with fleet down --data data")]
    public async Task Status_WhileTheFleetIsStartedOrStopped_IsAFailure(string phase, string error)
    {
        Runs(Part("nats", ProcessIdentity.Self.StartTicks, 0));
        cli.Write("data/run/state.json", File.ReadAllText(Path.Combine(cli.Folder, "data/run/state.json")).Replace("Ready", phase, StringComparison.Ordinal));
        var run = await cli.RunAsync("status", "--data", "data");
        run.Code.ShouldBe(1);
        run.Out.ShouldStartWith($"phase    {phase}\n");
        run.Error.ShouldBe($"error: the fleet is being {error}\n");
    }

    /// <summary>It may have gone at any time since it was last looked at.</summary>
    [Fact]
    public async Task Status_OfAPartThatHasJustGone_DoesNotSaySinceWhen()
    {
        Runs(Part("operator", ProcessIdentity.Self.StartTicks + 1, 3), Part("device-1", null, 1));
        var parts = JsonElement.Parse((await cli.RunAsync("status", "--data", "data", "-o", "json")).Out).GetProperty("parts");
        parts[0].TryGetProperty("since", out _).ShouldBeFalse();
        parts[1].GetProperty("since").GetDateTimeOffset().ShouldBe(Samples.Then);
        (await cli.RunAsync("status", "--data", "data")).Out.ShouldContain("operator  Down     -  -             3  logs/operator.log\n");
    }

    [Fact]
    public async Task Status_WhileASignalStopsAPart_IsDegraded()
    {
        using var part = await StoppedAsync();
        Runs(Part("operator", ProcessIdentity.Of(part.Id)!.StartTicks, 0, part.Id));
        var run = await cli.RunAsync("status", "--data", "data", "-o", "json");
        part.Kill();
        run.Code.ShouldBe(1);
        run.Error.ShouldBe($"error: operator is stopped by a signal (process {part.Id}): let it go on with kill -CONT {part.Id}\n");
        JsonElement.Parse(run.Out).GetProperty("parts")[0].GetProperty("state").GetString().ShouldBe("Stopped");
    }

    [Theory]
    [InlineData("status")]
    [InlineData("up --devices 3")]
    [InlineData("demo")]
    public async Task Fleet_WhoseProcessASignalStopped_IsSuspended(string command)
    {
        using var supervisor = await StoppedAsync();
        Runs(ProcessIdentity.Of(supervisor.Id)!);
        cli.Write("token", "t");
        cli.Write("data/run/stack.json", $$"""{"server":"http://127.0.0.1:1","natsUrl":"nats://127.0.0.1:1","tokenFile":"{{cli.Folder}}/token"}""");
        var run = await cli.RunAsync([.. command.Split(' '), "--data", "data"]);
        supervisor.Kill();
        run.Code.ShouldBe(1);
        run.Error.ShouldBe($"error: process {supervisor.Id}, which runs the fleet, is stopped (SIGSTOP or Ctrl-Z): let it go on with kill -CONT {supervisor.Id} (or fg in its terminal), or end it with fleet down --data data\n");
        if (command == "status")
        {
            run.Out.ShouldStartWith("phase    Suspended\n");
        }
    }

    [Fact]
    public async Task Fleet_WhoseProcessIsGone_SaysWhatStillRuns_AndDownEndsIt()
    {
        Runs(new ProcessIdentity(1, 1), Part("operator", 1, 0));
        using var left = Process.Start("perl", ["-e", "sleep 1008", "x", "--config", $"{cli.Folder}/data/operator/operator.json"]);
        await Eventually.HoldsAsync(() => File.ReadAllText($"/proc/{left.Id}/cmdline").Contains("operator.json", StringComparison.Ordinal), "it has its words");
        var status = await cli.RunAsync("status", "--data", "data");
        status.Code.ShouldBe(1);
        status.Out.ShouldStartWith("phase    Orphaned\n");
        status.Error.ShouldBe($"error: process 1 that ran the fleet is gone, and this still runs: operator (process {left.Id}): end it with fleet down --data data, or have the fleet run again with fleet up --data data\n");
        var down = await cli.RunAsync("down", "--data", "data");
        down.Code.ShouldBe(0, down.Error);
        down.Error.ShouldStartWith($"The fleet is down; the process that ran it was gone already, and what it had left is ended: operator (process {left.Id}).\n");
        ProcessIdentity.Of(left.Id).ShouldBeNull();
        (await cli.RunAsync("status", "--data", "data")).Out.ShouldStartWith("phase    Down\n");
    }

    [Fact]
    public async Task Status_OfAFolderThatWasMovedUnderItsFleet_SaysSo_AsDownDoes()
    {
        Runs(ProcessIdentity.Self);
        Directory.Move($"{cli.Folder}/data", $"{cli.Folder}/moved");
        using var held = Harmony.Fleet.Disks.LockFile.TryTake($"{cli.Folder}/moved/run/lock").ShouldNotBeNull();
        var sentence = $"error: a fleet runs from {cli.Folder}/moved that was started in {cli.Folder}/data: move the folder back to {cli.Folder}/data, and end it there\n";
        foreach (var command in (string[])["status", "down", "up", "get devices"])
        {
            (await cli.RunAsync([.. command.Split(' '), "--data", "moved"])).ShouldBe(new CliRun(5, string.Empty, sentence), command);
        }
    }

    [Theory]
    [InlineData(30)]
    [InlineData(40)]
    [InlineData(80)]
    public async Task Commands_AndPaths_AreNotBroken_WhereTheTerminalIsNarrow(int width)
    {
        cli.IsTerminal = true;
        cli.Resize(width, 24);
        var run = await cli.RunAsync("status", "--data", "my lab");
        var lines = run.Error.Split('\n');
        lines.ShouldContain(line => line.Contains($"{cli.Folder}/my lab", StringComparison.Ordinal));
        lines.ShouldContain(line => line.Contains("fleet up --data 'my lab'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Status_WhereNothingRuns_IsDown()
    {
        var run = await cli.RunAsync("status", "--data", "data", "-o", "json");
        run.Code.ShouldBe(6);
        JsonElement.Parse(run.Out).GetProperty("parts").GetArrayLength().ShouldBe(0);
        run.Error.ShouldBe($"error: no fleet runs from {cli.Folder}/data: start one with fleet up --data data\n");
    }

    [Fact]
    public async Task Status_WhereAFleetIsDown_TellsHowManyDevicesItKeeps()
    {
        cli.Write("data/.harmony-fleet", """{"id":"0123456789abcdef0123456789abcdef"}""");
        cli.Write("data/fleet.json", """{"id":"0123456789abcdef0123456789abcdef","hasStood":true,"devices":2}""");
        (await cli.RunAsync("status", "--data", "data")).Out.ShouldBe($"phase    Down\ndevices  2\ndata     {cli.Folder}/data\n");
    }

    [Theory]
    [InlineData("\"devices\":\"x\"", "devices \"x\", where a number from 0 to 32 should be")]
    [InlineData("\"natsNodes\":2", "natsNodes 2, where 1, 3 or 5 should be")]
    public async Task Status_WhereFleetJsonIsDamaged_IsWhatUpSays(string member, string error)
    {
        cli.Write("data/.harmony-fleet", """{"id":"0123456789abcdef0123456789abcdef"}""");
        cli.Write("data/fleet.json", $$"""{"id":"0123456789abcdef0123456789abcdef","hasStood":true,{{member}}}""");
        foreach (var format in (string[])["table", "json"])
        {
            (await cli.RunAsync("status", "--data", "data", "-o", format)).ShouldBe(new CliRun(2, string.Empty, $"error: {cli.Folder}/data/fleet.json has {error}: mend the file, or restore it from a backup\n"));
        }
    }

    [Fact]
    public async Task Parts_AreInNaturalOrder()
    {
        string[] names = ["nats-1", "nats-2", "nats-10", "operator", "device-1", "device-2", "device-10", "device-1 podman", "device-10 podman"];
        Runs([.. names.Order(StringComparer.Ordinal).Select(name => Part(name, ProcessIdentity.Self.StartTicks, 0))]);
        var parts = JsonElement.Parse((await cli.RunAsync("status", "--data", "data", "-o", "json")).Out).GetProperty("parts");
        parts.EnumerateArray().Select(part => part.GetProperty("name").GetString()).ShouldBe(names);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("get devices")]
    public async Task Folder_InWhichNoFleetCanBe_IsNotSaidToBeOneForUp(string command)
    {
        cli.Write("data/photo.jpg", "smile");
        var run = await cli.RunAsync([.. command.Split(' '), "--data", "data"]);
        run.Code.ShouldBe(6);
        run.Error.ShouldBe($"error: no fleet runs from {cli.Folder}/data, and none can ({cli.Folder}/data holds 'photo.jpg' and maybe more that no fleet made): name a fleet's data folder with --data\n");
    }

    /// <summary>A process that a signal has stopped.</summary>
    private static async Task<Process> StoppedAsync()
    {
        var process = Process.Start("sleep", ["1009"]);
        using var kill = Process.Start("kill", ["-STOP", $"{process.Id}"]);
        await Eventually.HoldsAsync(() => ProcessIdentity.Of(process.Id) is { IsStopped: true }, "it is stopped");
        return process;
    }

    private string Part(string name, long? startTicks, int restarts, int? pid = null)
    {
        var process = startTicks is null ? string.Empty : $$""" "process":{"pid":{{pid ?? Environment.ProcessId}},"startTicks":{{startTicks}}},""";
        return $$"""{"name":"{{name}}",{{process}}"since":"{{Samples.Then:O}}","restarts":{{restarts}},"logFile":"{{cli.Folder}}/data/logs/{{name}}.log"}""";
    }

    private void Runs(params string[] parts) => Runs(ProcessIdentity.Self, parts);

    private void Runs(ProcessIdentity self, params string[] parts)
    {
        foreach (var name in (string[])[".harmony-fleet", "fleet.json"])
        {
            cli.Write($"data/{name}", """{"id":"0123456789abcdef0123456789abcdef"}""");
        }

        cli.Write("data/run/state.json", $$$"""{"phase":"Ready","devices":1,"folder":"{{{cli.Folder}}}/data","supervisor":{"pid":{{{self.Pid}}},"startTicks":{{{self.StartTicks}}} },"parts":[{{{string.Join(',', parts)}}}]}""");
    }
}
