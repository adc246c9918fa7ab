using System.Globalization;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Fleets;

/// <summary>Containers that take their time to end: they are waited for, for as long as they may take and no longer, and none is left.</summary>
[Trait("Category", "Integration")]
public sealed class EndingTests
{
    [Fact]
    public async Task Down_WithContainersThatHearNoSignal_WaitsForAllAtTheSameTimeAndSaysForHowLong()
    {
        const int Grace = 8;
        await using var folder = new FleetFolder();
        await folder.UpAsync("--devices", "2");
        await SlowAsync(folder, $"{Grace}s", "one", "two");
        var down = await folder.RunAsync("down");
        down.Code.ShouldBe(0, down.Errors);
        down.Errors.ShouldStartWith($"4 containers may take up to {Grace} s to end: fleet down --now --data {folder.Path} kills them\n");
        down.Errors.ShouldContain("The fleet is down.\n");
        await folder.NobodyIsLeftAsync();

        var ends = new List<DateTimeOffset>();
        foreach (var device in (string[])["device-1", "device-2"])
        {
            var lines = await folder.PodmanAsync(device, "ps", "--all", "--filter", "label=fleet.nationtech.io/deployment", "--format", "{{.ExitCode}}");
            lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["137", "137"], "they had their time, then they were killed");
            ends.AddRange((await folder.PodmanAsync(device, "inspect", "--format", "{{.State.FinishedAt.Unix}}", "default.one.one", "default.two.two"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => DateTimeOffset.FromUnixTimeSeconds(long.Parse(line, CultureInfo.InvariantCulture))));
        }

        (ends.Max() - ends.Min()).ShouldBeLessThan(TimeSpan.FromSeconds(Grace), "none waited for the end of another");
    }

    [Fact]
    public async Task DownNow_WithContainersThatMayTakeAnHour_KillsThem()
    {
        await using var folder = new FleetFolder();
        await folder.UpAsync();
        await SlowAsync(folder, "1h", "one");
        var down = await folder.RunAsync("down", "--now");
        down.Code.ShouldBe(0, down.Errors);
        down.Errors.ShouldContain("1 container is being killed\n");
        down.Errors.ShouldNotContain("down --now");
        await folder.NobodyIsLeftAsync();
        (await folder.RunAsync("status")).Code.ShouldBe(6);
    }

    [Fact]
    public async Task DownNow_WhileAnotherDownWaits_EndsBoth()
    {
        await using var folder = new FleetFolder();
        await folder.UpAsync();
        await SlowAsync(folder, "1h", "one");
        using var patient = await CliCall.BeginAsync("down", "--data", folder.Path);
        await patient.SaysAsync("1 container may take up to ");
        (await folder.RunAsync("down", "--now")).Code.ShouldBe(0);
        (await patient.EndAsync()).Code.ShouldBe(0);
        await folder.NobodyIsLeftAsync();
    }

    [Fact]
    public async Task Down_ThatIsInterrupted_LetsTheFleetEndInTheBackground()
    {
        await using var folder = new FleetFolder();
        await folder.UpAsync();
        await SlowAsync(folder, "1h", "one");
        using var down = await CliCall.BeginAsync("down", "--data", folder.Path);
        await down.SaysAsync("1 container may take");
        down.Interrupt();
        var interrupted = await down.EndAsync();
        interrupted.Code.ShouldBe(130);
        interrupted.Errors.ShouldEndWith("The fleet goes on ending in the background.\n");
        (await folder.StatusAsync()).GetProperty("phase").GetString().ShouldBe("Stopping");
        (await folder.RunAsync("down", "--now", "--purge")).Code.ShouldBe(0);
        await folder.NobodyIsLeftAsync();
    }

    [Fact]
    public async Task Down_AfterTheSupervisorWasKilled_StopsTheContainersThatWentOn()
    {
        await using var folder = new FleetFolder();
        await folder.UpAsync();
        await SlowAsync(folder, "2s", "one");
        Signals.Send((await folder.StatusAsync()).GetProperty("process").GetInt32(), Signal.Kill);
        await Eventually.HoldsAsync(() => folder.Find("agent.json") is null, "the agent has ended with it");
        var container = folder.Find("conmon").ShouldNotBeNull("the container goes on").Pid;
        var status = await folder.RunAsync("status");
        status.Code.ShouldBe(1);
        status.Output.ShouldStartWith("phase    Orphaned\n");
        status.Errors.ShouldContain($"container default.one.one (process {container})");
        var down = await folder.RunAsync("down");
        down.Code.ShouldBe(0, down.Errors);
        down.Errors.ShouldStartWith("1 container may take up to 2 s to end");
        down.Errors.ShouldContain("The fleet is down; the process that ran it was gone already, and what it had left is ended: ");
        down.Errors.ShouldContain($"container default.one.one (process {container})");
        await folder.NobodyIsLeftAsync();
    }

    [Fact]
    public async Task Down_WhereMostContainersEndAtOnce_CountsThoseThatStillRun()
    {
        await using var folder = new FleetFolder();
        await folder.UpAsync();
        await SlowAsync(folder, "6s", "slow");
        await LoopAsync(folder, "6s", "trap 'exit 0' TERM", "quick");
        var down = await folder.RunAsync("down");
        down.Code.ShouldBe(0, down.Errors);
        down.Errors.ShouldStartWith("2 containers may take up to 6 s to end: ");
        down.Errors.ShouldMatch($@"\n1 container may take up to [4-6] s to end: fleet down --now --data {folder.Path} kills it\n");
        down.Errors.ShouldContain("\nall containers have ended, the rest of the fleet is being ended\n");
    }

    /// <summary>A terminal sends Ctrl-C to all that runs in it, each time.</summary>
    [Fact]
    public async Task Up_WhoseTerminalSendsManyInterrupts_StillStopsItsContainers()
    {
        await using var folder = new FleetFolder();
        using var up = await CliCall.BeginAsync([], "setsid", [CliCall.Program, "up", "--data", folder.Path]);
        await up.SaysAsync("The fleet is up");
        await SlowAsync(folder, "4s", "one");
        for (var impatience = 0; impatience < 20; impatience++)
        {
            Signals.SendToGroup(up.Id, (Signal)CliCall.SigInt);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        var ended = await up.EndAsync();
        ended.Code.ShouldBe(130);
        ended.Errors.ShouldContain($"1 container may take up to 4 s to end: fleet down --now --data {folder.Path} kills it");
        await folder.NobodyIsLeftAsync();
        (await folder.PodmanAsync("device-1", "ps", "--format", "{{.Names}}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Down_WithAContainerThatIsPaused_EndsIt()
    {
        await using var folder = new FleetFolder();
        await folder.UpAsync();
        await SlowAsync(folder, "2s", "one");
        Signals.Send((await folder.StatusAsync()).GetProperty("process").GetInt32(), Signal.Kill);
        await Eventually.HoldsAsync(() => folder.Find("agent.json") is null, "nobody thaws it again");
        await folder.PodmanAsync("device-1", "pause", "default.one.one");
        (await folder.RunAsync("down")).Code.ShouldBe(0);
        await folder.NobodyIsLeftAsync();
    }

    /// <summary>Most of the time it does not run: podman is starting it again.</summary>
    [Fact]
    public async Task Down_WithAContainerThatKeepsEnding_LeavesNobodyWhoStartsItAgain()
    {
        await using var folder = new FleetFolder();
        for (var again = 0; again < 2; again++)
        {
            await folder.UpAsync();
            var applied = await folder.RunAsync("apply", "--name", "ends", "--image", "localhost/hello-web:1", "--all-devices", "--command", "/bin/sh", "--arg=-c", "--arg", "exit 1");
            applied.Code.ShouldBe(0, applied.Errors);
            await Eventually.HoldsAsync(() => folder.Find("default.ends.ends") is not null, "it was started");

            var down = await folder.RunAsync("down");

            down.Code.ShouldBe(0, down.Errors);
            await folder.NobodyIsLeftAsync();
            folder.NetworkTraces().ShouldBeEmpty();
        }
    }

    /// <summary>Has containers run on all devices that SIGTERM does not end.</summary>
    private static Task SlowAsync(FleetFolder folder, string grace, params string[] names) => LoopAsync(folder, grace, "trap '' TERM", names);

    private static async Task LoopAsync(FleetFolder folder, string grace, string first, params string[] names)
    {
        foreach (var name in names)
        {
            var applied = await folder.RunAsync(
                "apply", "--name", name, "--image", "localhost/hello-web:1", "--all-devices", "--grace", grace, "--wait",
                "--command", "/bin/sh", "--arg=-c", "--arg", $"{first}; while :; do sleep 1; done");
            applied.Code.ShouldBe(0, applied.Errors);
        }
    }
}
