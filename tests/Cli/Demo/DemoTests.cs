using Harmony.Fleet.Cli;
using Harmony.Fleet.Cli.Commands;
using Harmony.Fleet.Cli.Demo;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Local;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Tests.Cli.Demo;

/// <summary>What of the demo needs no fleet.</summary>
public sealed class DemoTests
{
    [Theory]
    [InlineData(0, null, 0, "The demo's regression passed.\n")]
    [InlineData(4, null, 4, "The demo's regression failed.\n")]
    [InlineData(0, "x is still there", 1, "error: x is still there\nThe demo's regression failed.\n")]
    [InlineData(4, "x is still there", 4, "error: x is still there\nThe demo's regression failed.\n")]
    public void Regression_ThatLeavesSomethingBehind_HasFailed(int played, string? left, int code, string said)
    {
        using var errors = new SharedWriter();
        var host = new CliHost(new CliConsole(TextWriter.Null, errors, Stream.Null), _ => null, TimeProvider.System, "/");
        new DemoAction(host).Conclude(played, left is null ? null : new Fault(FaultKind.Permanent, left)).ShouldBe(code);
        errors.ToString().ShouldBe(said);
    }

    [Theory]
    [InlineData("up --api-port 22001 --nats-port 22001", "--api-port and --nats-port")]
    [InlineData("up -d --api-port 22001 --nats-port 22001", "--api-port and --nats-port")]
    [InlineData("demo --port 22001 --nats-port 22001", "--nats-port and --port")]
    public async Task Port_ForTwoUses_IsRefused(string command, string options)
    {
        using var cli = new CliUnderTest();
        var run = await cli.RunUntilAsync(Soon(), [.. command.Split(' '), "--data", "data"]);
        run.Code.ShouldBe(2);
        run.Error.ShouldStartWith($"error: {options} take two ports, not 22001 both");
        Directory.Exists(Path.Combine(cli.Folder, "data")).ShouldBeFalse();
    }

    /// <summary>It says that it goes down only where one stood.</summary>
    [Fact]
    public async Task Demo_InAFolderWithOtherFiles_EndsWithTheRefusal()
    {
        using var cli = new CliUnderTest();
        cli.Write("data/photo.jpg", "smile");
        var run = await cli.RunAsync("demo", "--data", "data");
        run.ShouldBe(new CliRun(2, string.Empty, $"error: {cli.Folder}/data holds 'photo.jpg' and maybe more that no fleet made: choose a folder that is empty or not there yet: --data DIR\n"));
    }

    [Fact]
    public async Task Fleet_ThatRunsWithoutDevices_IsToldHowToHaveOne()
    {
        using var cli = new CliUnderTest();
        var self = ProcessIdentity.Self;
        foreach (var name in (string[])[".harmony-fleet", "fleet.json"])
        {
            cli.Write($"data/{name}", """{"id":"0123456789abcdef0123456789abcdef"}""");
        }

        var token = cli.Write("data/token", "secret\n");
        cli.Write("data/run/state.json", $$$"""{"phase":"Ready","devices":0,"folder":"{{{cli.Folder}}}/data","supervisor":{"pid":{{{self.Pid}}},"startTicks":{{{self.StartTicks}}} },"parts":[]}""");
        cli.Write("data/run/stack.json", $$"""{"server":"http://127.0.0.1:1","natsUrl":"nats://127.0.0.1:1","tokenFile":"{{token}}"}""");
        (await cli.RunAsync("demo", "--data", "data")).ShouldBe(new CliRun(1, string.Empty, "error: this fleet has no devices: fleet up --devices 1 --data data adds one\n"));
    }

    [Theory]
    [InlineData(null, null, "")]
    [InlineData("/srv/a", null, " --data /srv/a")]
    [InlineData(null, "/srv/b c", " --data '/srv/b c'")]
    public void Hints_NameTheFolder_UnlessEveryTerminalFindsIt(string? option, string? variable, string flag)
    {
        var host = new CliHost(
            new CliConsole(TextWriter.Null, TextWriter.Null, Stream.Null), name => name == "HOME" ? "/home/me" : name == DataFolder.Variable ? variable : null, TimeProvider.System, "/");
        var global = new GlobalOptions();
        var root = CommandTree.Create(host, global);
        var parsed = root.Parse(option is null ? ["up"] : ["up", "--data", option]);
        new UpOptions().Read(host, global, parsed).Value.ShouldNotBeNull().DataFlag.ShouldBe(flag);
    }

    [Theory]
    [InlineData(true, "down")]
    [InlineData(false, "up")]
    public void Afterwards_OnAFleetThatRanBefore_TellsHowToEndIt_NotHowToStartIt(bool ranBefore, string first) =>
        DemoTour.Afterwards(ranBefore).Select(line => line.Command).ShouldBe([first, "down --purge"]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LookAround_NamesTheDeployment_OnlyWhereThereIsOne(bool isApplied)
    {
        var host = new CliHost(new CliConsole(TextWriter.Null, TextWriter.Null, Stream.Null), _ => null, TimeProvider.System, "/");
        var lines = DemoTour.LookAround(host, new UpRequest("/srv/a", IsUsualFolder: true, null, null, null), isApplied).ToList();
        lines.Exists(line => line.Contains("describe deployment", StringComparison.Ordinal)).ShouldBe(isApplied);
        lines.ShouldContain("  fleet get devices");
    }

    [Fact]
    public void WhatWasDone_SaysThatSomethingWasStarted_OnlyWhereItWas()
    {
        DemoTour.WhatWasDone(ranBefore: false).ShouldContain("an agent were started on this machine");
        DemoTour.WhatWasDone(ranBefore: true).ShouldStartWith("What was done: nothing was started, the fleet ran already.");
    }

    [Fact]
    public void Container_OfAnotherNamespace_IsNotTheDemos()
    {
        DemoDeployment.Own([Container("1", "plant"), Container("2", "default"), Container("3", "shop")]).ShouldNotBeNull().Id.ShouldBe("2");
        DemoDeployment.Own([Container("1", "plant")]).ShouldBeNull();
    }

    [Fact]
    public void Trace_OfAnApplyThatChangedNothing_IsTheSame()
    {
        var before = new DemoTrace("7", 2, 11, "0123456789abcdef", DateTimeOffset.UnixEpoch);
        before.Since(before).ShouldBeNull();
        (before with { Version = "8" }).Since(before).ShouldBeNull("a status may have been written");
        before.ToString().ShouldBe("generation 2, manifest revision 11, container 0123456789ab");
        (string Says, DemoTrace Now)[] moved =
        [
            ("the container 0123456789ab was replaced by fedcba987654", before with { Container = "fedcba9876543210" }),
            ("the container 0123456789ab was started again", before with { Started = DateTimeOffset.UnixEpoch.AddSeconds(1) }),
            ("the device was sent another manifest (revision 11, then 12)", before with { Manifest = 12 }),
            ("generation 2 became 3", before with { Generation = 3 }),
        ];
        foreach (var (says, now) in moved)
        {
            now.Since(before).ShouldNotBeNull().What.ShouldBe($"{says}, though nothing had changed");
        }
    }

    /// <summary>A fleet that starts all the same is ended.</summary>
    private static CancellationToken Soon() => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    private static ObservedContainer Container(string id, string space) => new()
    {
        Id = id,
        Name = $"{space}-hello-web",
        State = ContainerState.Running,
        Image = "localhost/hello-web:1",
        ImageId = new string('0', 64),
        ImageDefaults = new ImageDefaults(),
        Labels = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add(ContainerLabels.Namespace, space).Add(ContainerLabels.Deployment, "hello-web"),
    };
}
