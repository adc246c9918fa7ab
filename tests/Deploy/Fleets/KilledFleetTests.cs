using System.Globalization;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Fleets;

/// <summary>Fleets all of whose processes were killed at once, those of the containers among them: a power cut that leaves the kernel as it is.</summary>
[Trait("Category", "Integration")]
public sealed class KilledFleetTests
{
    private const string Container = "default.web.web";

    [Theory]
    [InlineData("down")]
    [InlineData("down", "--now")]
    [InlineData("down", "--purge")]
    [InlineData("down", "--purge", "--now")]
    public async Task Down_AfterAllWasKilled_LeavesNothingInTheHostsNetwork(string verb, params string[] arguments)
    {
        await using var folder = new FleetFolder();
        await KilledAsync(folder);

        var down = await folder.RunAsync(verb, arguments);

        down.Code.ShouldBe(0, down.Errors);
        folder.NetworkTraces().ShouldBeEmpty();
        await folder.NobodyIsLeftAsync();
    }

    /// <summary>Also where nobody cleared up in between.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Up_AfterAllWasKilled_RunsTheSameAgain_OnItsPort(bool isEnded)
    {
        await using var folder = new FleetFolder();
        var port = await KilledAsync(folder);
        if (isEnded)
        {
            (await folder.RunAsync("down", "--now")).Code.ShouldBe(0);
        }

        await folder.UpAsync();

        using var web = new HttpClient();
        await Eventually.HoldsAsync(() => AnswersAsync(web, port), "it answers");
        folder.NetworkTraces().Where(rule => rule.Contains("-j DNAT", StringComparison.Ordinal)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Down_WhereTheRulesCannotBeRemoved_SaysSo_AndTheNextOneRemovesThem()
    {
        await using var folder = new FleetFolder();
        await folder.UpAsync();
        (await folder.RunAsync("down")).Code.ShouldBe(0);
        var chain = PodmanLayout.For(Path.Combine(folder.Path, "devices/device-1/podman")).Network.PortsChain;
        (await PodmanCommand.RunAsync(["iptables", "--wait", "-t", "nat", "-N", chain], [], PodmanCommand.Timeout, TestContext.Current.CancellationToken)).Fault.ShouldBeNull();
        using var programs = new TempFolder();
        await File.WriteAllTextAsync(programs.File("iptables-restore"), "#!/bin/sh\necho no such luck >&2\nexit 4\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(programs.File("iptables-restore"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        using var call = await CliCall.BeginAsync([("PATH", $"{programs.Path}:{Environment.GetEnvironmentVariable("PATH")}")], ["down", "--now", "--data", folder.Path]);
        var down = await call.EndAsync();

        down.Code.ShouldBe(1, down.Errors);
        down.Errors.ShouldContain("not all that the containers left on this machine could be cleared away (iptables-restore failed: no such luck)");
        down.Errors.ShouldNotContain("The fleet is down");
        (await folder.RunAsync("down")).Code.ShouldBe(0);
        folder.NetworkTraces().ShouldBeEmpty();
    }

    [Fact]
    public async Task Purge_AfterTheDevicesFolderWasRemoved_LeavesNothingInTheHostsNetwork()
    {
        await using var folder = new FleetFolder();
        await KilledAsync(folder);
        var layout = PodmanLayout.For(Path.Combine(folder.Path, "devices/device-1/podman"));
        (await PodmanMounts.UnmountAsync(layout, TestContext.Current.CancellationToken)).ShouldBeNull();
        Directory.Delete(Path.Combine(folder.Path, "devices"), recursive: true);

        var down = await folder.RunAsync("down", "--purge");

        down.Code.ShouldBe(0, down.Errors);
        folder.NetworkTraces().ShouldBeEmpty();
    }

    private static async Task<bool> AnswersAsync(HttpClient web, int port)
    {
        try
        {
            return (await web.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"))).Length > 0;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <returns>The port of the host that leads to a container.</returns>
    private static async Task<int> KilledAsync(FleetFolder folder)
    {
        var port = FreePort.Next();
        await folder.UpAsync();
        var applied = await folder.RunAsync("apply", "--name", "web", "--image", "localhost/hello-web:1", "--all-devices", "--port", $"{port}:8080", "--wait");
        applied.Code.ShouldBe(0, applied.Errors);
        var inside = int.Parse(await folder.PodmanAsync("device-1", "inspect", "--format", "{{.State.Pid}}", Container), CultureInfo.InvariantCulture);
        folder.NetworkTraces().ShouldContain(rule => rule.Contains("-j DNAT", StringComparison.Ordinal));
        while (folder.Processes() is { Count: > 0 } alive)
        {
            alive.ForEach(process => Signals.Send(process.Identity.Pid, Signal.Kill));
            Signals.Send(inside, Signal.Kill);
        }

        return port;
    }
}
