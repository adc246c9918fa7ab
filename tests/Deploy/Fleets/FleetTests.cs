using Harmony.Fleet.Deploy.Keys;
using Harmony.Fleet.Deploy.Machines;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Fleets;

/// <summary>Whole fleets, with every part real: nats-server, operator, agents, podman.</summary>
[Trait("Category", "Integration")]
public sealed class FleetTests
{
    private static readonly string[] Kept =
        [KeyPaths.Master, KeyPaths.OperatorSeed, KeyPaths.ApiToken, "devices/device-1/device.nk", "devices/device-1/device.key", LocalPorts.FileName];

    [Fact]
    public async Task Up_ThatAddsDevices_WritesIntoItsOwnTerminal_NotIntoThatOfTheFleet()
    {
        await using var folder = new FleetFolder();
        using var first = await CliCall.BeginAsync([], "script", ["-qefc", $"{CliCall.Program} up --devices 0 --data {folder.Path}", "/dev/null"]);
        await Eventually.HoldsAsync(async () => (await folder.RunAsync("status")).Output.StartsWith("phase    Ready", StringComparison.Ordinal), "it is up", TimeSpan.FromSeconds(60));
        var second = await folder.RunAsync("up", "--devices", "1");
        second.Code.ShouldBe(0, second.Errors);
        second.Errors.IndexOf("The fleet is up: 1 device.", StringComparison.Ordinal).ShouldBeInRange(0, second.Errors.IndexOf("Next:", StringComparison.Ordinal));
        (await folder.RunAsync("down", "--now")).Code.ShouldBe(0);
        var shown = (await first.EndAsync()).Output;
        shown.ShouldContain("The fleet is up: 0 devices.");
        shown.ShouldNotContain("device-1");
    }

    [Fact]
    public async Task Fleet_DownAndUpAgain_IsTheSameAndLeavesNothingBehind()
    {
        await using var folder = new FleetFolder();
        await folder.UpAsync();
        var first = await folder.StatusAsync();
        first.GetProperty("phase").GetString().ShouldBe("Ready");
        folder.Find("nats.conf").ShouldNotBeNull();
        folder.Find("operator.json").ShouldNotBeNull();
        folder.Find("agent.json").ShouldNotBeNull();
        var contents = Contents(folder);

        (await folder.RunAsync("down")).Code.ShouldBe(0);
        await folder.NobodyIsLeftAsync();
        (await folder.RunAsync("status")).Code.ShouldBe(6);

        await folder.UpAsync();
        Contents(folder).ShouldBe(contents);
        (await folder.StatusAsync()).GetProperty("server").GetString().ShouldBe(first.GetProperty("server").GetString());

        (await folder.RunAsync("down", "--purge")).Code.ShouldBe(0);
        await folder.NobodyIsLeftAsync();
        Directory.Exists(folder.Path).ShouldBeFalse();
        folder.HasMounts().ShouldBeFalse();
    }

    [Fact]
    public async Task Fleet_WhoseSupervisorIsKilled_EndsWithItAndStartsAgain()
    {
        await using var folder = new FleetFolder();
        await folder.UpAsync();
        Signals.Send((await folder.StatusAsync()).GetProperty("process").GetInt32(), Signal.Kill);
        await folder.NobodyIsLeftAsync();
        await folder.UpAsync();
        (await folder.StatusAsync()).GetProperty("devices").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Fleet_WhoseChildIsKilled_StartsItAgainAndSaysSo()
    {
        await using var folder = new FleetFolder();
        await folder.UpAsync();
        foreach (var word in (string[])["nats.conf", "operator.json", "agent.json", "podman.sock"])
        {
            var child = folder.Find(word).ShouldNotBeNull(word);
            Signals.Send(child.Pid, Signal.Kill);
            await Eventually.HoldsAsync(() => folder.Find(word) is { } now && now != child, $"{word} runs again");
        }

        await Eventually.HoldsAsync(async () => (await folder.RunAsync("ping", "device-1")).Code == 0, "the device answers again");
        await Eventually.HoldsAsync(async () => (await folder.StatusAsync()).GetProperty("phase").GetString() == "Ready", "all parts are up again");
        foreach (var part in (await folder.StatusAsync()).GetProperty("parts").EnumerateArray())
        {
            part.GetProperty("restarts").GetInt32().ShouldBeGreaterThan(0, part.GetRawText());
            part.GetProperty("pid").GetInt32().ShouldBeGreaterThan(1);
            File.Exists(part.GetProperty("logFile").GetString()).ShouldBeTrue(part.GetRawText());
        }

        File.ReadAllText(Path.Combine(folder.Path, "logs/fleet.log")).ShouldContain("nats ended with signal 9; starting it again in ");
    }

    /// <summary>It is written by the supervisor, which nobody supervises.</summary>
    [Fact]
    public async Task Log_OfADetachedFleet_IsPutAsideWhileItRuns_AndWrittenOn()
    {
        await using var folder = new FleetFolder();
        await folder.UpAsync("--devices", "0");
        var log = Path.Combine(folder.Path, "logs/fleet.log");
        using (var large = new FileStream(log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            large.SetLength(LogFiles.MaxBytes + 1);
        }

        await Eventually.HoldsAsync(() => File.Exists(log) && new FileInfo(log).Length == 0, "it is put aside");
        new FileInfo(log + ".1").Length.ShouldBe(LogFiles.MaxBytes + 1);
        Signals.Send(folder.Find("nats.conf").ShouldNotBeNull().Pid, Signal.Kill);
        await Eventually.HoldsAsync(() => File.ReadAllText(log).StartsWith("nats ended with signal 9", StringComparison.Ordinal), "it is written on");
    }

    [Fact]
    public async Task Up_BesideARunningFleet_AddsDevicesAndTakesNoneAway()
    {
        await using var folder = new FleetFolder();
        await folder.UpAsync();
        var again = await folder.RunAsync("up");
        again.Code.ShouldBe(0);
        again.Errors.ShouldContain("runs already");

        var server = new Uri((await folder.StatusAsync()).GetProperty("server").GetString()!);
        (await folder.RunAsync("up", "--api-port", $"{server.Port}")).Code.ShouldBe(0, "it has that one");
        var elsewhere = await folder.RunAsync("up", "--api-port", "9", "--devices", "2");
        elsewhere.Code.ShouldBe(5);
        elsewhere.Errors.ShouldEndWith($"error: the fleet runs already, with http://127.0.0.1:{server.Port} and not --api-port 9: end it with fleet down --data {folder.Path}, then start it with --api-port 9\n");
        var larger = await folder.RunAsync("demo", "--devices", "3");
        larger.Code.ShouldBe(5, larger.Errors);
        larger.Errors.ShouldEndWith($"add some with fleet up --devices 3 --data {folder.Path}\n");
        (await folder.RunAsync("demo", "--api-port", "9")).Code.ShouldBe(5);
        (await folder.RunAsync("up", "--nats-port", "9")).Code.ShouldBe(5);

        var more = await folder.RunAsync("up", "--devices", "2");
        more.Code.ShouldBe(0, more.Errors);
        (await folder.RunAsync("ping", "device-2")).Code.ShouldBe(0);

        var fewer = await folder.RunAsync("up", "--devices", "1");
        fewer.Code.ShouldBe(5);
        fewer.Errors.ShouldContain("a running fleet only grows");
        (await folder.StatusAsync()).GetProperty("devices").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Up_AfterAGrowthThatFailed_TriesAgain()
    {
        await using var folder = new FleetFolder();
        await folder.UpAsync();
        var obstacle = Path.Combine(folder.Path, "devices/device-2");
        await File.WriteAllTextAsync(obstacle, "in the way", TestContext.Current.CancellationToken);
        var failed = await folder.RunAsync("up", "--devices", "2");
        failed.Code.ShouldBe(1);
        failed.Errors.ShouldContain("error: the fleet has 1 of 2 devices (");
        failed.Errors.ShouldContain($"run fleet up --devices 2 --data {folder.Path} again");

        File.Delete(obstacle);
        var again = await folder.RunAsync("up", "--devices", "2");
        again.Code.ShouldBe(0, again.Errors);
        (await folder.RunAsync("ping", "device-2")).Code.ShouldBe(0);
        (await folder.StatusAsync()).TryGetProperty("fault", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task TwoFleets_InTwoFolders_DoNotDisturbEachOther()
    {
        await using var left = new FleetFolder();
        await using var right = new FleetFolder();
        await Task.WhenAll(left.UpAsync(), right.UpAsync());
        (await left.StatusAsync()).GetProperty("server").GetString().ShouldNotBe((await right.StatusAsync()).GetProperty("server").GetString());
        (await left.RunAsync("down", "--purge")).Code.ShouldBe(0);
        await left.NobodyIsLeftAsync();
        (await right.RunAsync("ping", "device-1")).Code.ShouldBe(0);
    }

    private static Dictionary<string, string> Contents(FleetFolder folder) =>
        Kept.ToDictionary(name => name, name => File.ReadAllText(Path.Combine(folder.Path, name)));
}
