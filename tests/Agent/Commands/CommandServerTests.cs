using System.Text;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Tests.Agent.Rigs;
using Harmony.Fleet.Tests.Harness;
using static Harmony.Fleet.Tests.Agent.Commands.CommandRig;

namespace Harmony.Fleet.Tests.Agent.Commands;

public sealed class CommandServerTests
{
    [Fact]
    public async Task Ping_IsAnsweredWithOneFrame()
    {
        await using var rig = await StartAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(90));

        var frame = await (await rig.AskAsync(rig.Command(Verbs.Ping))).NextAsync();

        frame.Kind.ShouldBe(FrameKind.End);
        JsonSerializer.Deserialize(frame.Data, ContractsJson.Bus.PingReply)
            .ShouldBe(new PingReply { Device = ControlPlane.Device, AgentVersion = "1.2.3", UptimeSeconds = 90 });
    }

    [Fact]
    public async Task AVerbThatIsNotKnown_IsRefusedInASentence()
    {
        await using var rig = await StartAsync();

        var frame = await (await rig.AskAsync(rig.Command("dance"))).NextAsync();

        frame.Kind.ShouldBe(FrameKind.Failed);
        Encoding.UTF8.GetString(frame.Data).ShouldBe("the agent of pi-1 (1.2.3) does not know the command dance");
    }

    [Fact]
    public async Task Logs_OfAContainer_AreSentByStreamAndEnd()
    {
        await using var rig = await StartAsync();
        var container = await rig.RunContainerAsync("web");
        rig.Runtime.Print(container, "one");
        rig.Runtime.Print(container, "two", isError: true);
        rig.Runtime.Print(container, "three");

        var (output, error, last) = await (await rig.AskAsync(rig.Command(Verbs.Logs, Logs("web", tail: 2)))).ToEndAsync();

        output.ShouldBe("three\n");
        error.ShouldBe("two\n");
        last.Kind.ShouldBe(FrameKind.End);
    }

    [Fact]
    public async Task Logs_OfSeveralContainers_AreOfTheOneNamedOrTheFirst()
    {
        await using var rig = await StartAsync();
        rig.Runtime.Print(await rig.RunContainerAsync("web", "front"), "from the front");
        rig.Runtime.Print(await rig.RunContainerAsync("web", "back"), "from the back");
        rig.Runtime.Print(await rig.RunContainerAsync("other", "app"), "from another");

        (await (await rig.AskAsync(rig.Command(Verbs.Logs, Logs("web", "front")))).ToEndAsync()).Out.ShouldBe("from the front\n");
        (await (await rig.AskAsync(rig.Command(Verbs.Logs, Logs("web")))).ToEndAsync()).Out.ShouldBe("from the back\n");
    }

    [Theory]
    [InlineData("nobody", null, null, "device pi-1 has no container of deployment acme/nobody")]
    [InlineData("web", "side", null, "device pi-1 has no container side of deployment acme/web")]
    [InlineData("web", null, 0, "the request names no deployment, or not 1 to 10000 lines")]
    [InlineData("web", null, 10_001, "the request names no deployment, or not 1 to 10000 lines")]
    public async Task Logs_ThatCannotBe_AreRefusedInASentence(string name, string? container, int? tail, string sentence)
    {
        await using var rig = await StartAsync();
        await rig.RunContainerAsync("web");

        var frame = await (await rig.AskAsync(rig.Command(Verbs.Logs, Logs(name, container, tail)))).NextAsync();

        frame.Kind.ShouldBe(FrameKind.Failed);
        Encoding.UTF8.GetString(frame.Data).ShouldBe(sentence);
    }

    [Fact]
    public async Task Logs_OfNoRequest_AreRefused()
    {
        await using var rig = await StartAsync();

        (await (await rig.AskAsync(rig.Command(Verbs.Logs))).NextAsync()).Kind.ShouldBe(FrameKind.Failed);
    }

    [Fact]
    public async Task Logs_WithPodmanAway_AreRefusedWithItsReason()
    {
        await using var rig = await StartAsync();
        rig.Runtime.Away = "podman's socket is not there";

        var frame = await (await rig.AskAsync(rig.Command(Verbs.Logs, Logs("web")))).NextAsync();

        Encoding.UTF8.GetString(frame.Data).ShouldBe("podman's socket is not there");
    }

    [Fact]
    public async Task Logs_ThatBreakOff_EndWithTheReason()
    {
        await using var rig = await StartAsync();
        await rig.RunContainerAsync("web");
        rig.Runtime.Fault = (operation, _) => operation == "logs" ? new Fault(FaultKind.Unreachable, "the log broke off") : null;

        var (_, _, last) = await (await rig.AskAsync(rig.Command(Verbs.Logs, Logs("web")))).ToEndAsync();

        last.Kind.ShouldBe(FrameKind.Failed);
        Encoding.UTF8.GetString(last.Data).ShouldBe("the log broke off");
    }

    [Fact]
    public async Task Logs_OfManyLines_ComeInFewFramesAndWhole()
    {
        await using var rig = await StartAsync();
        var container = await rig.RunContainerAsync("web");
        for (var i = 0; i < 5000; i++)
        {
            rig.Runtime.Print(container, $"line {i}");
        }

        var answers = await rig.AskAsync(rig.Command(Verbs.Logs, Logs("web", tail: 5000), CommandLimits.MaxCredit));
        var (output, _, last) = await answers.ToEndAsync();

        output.ShouldBe(string.Concat(Enumerable.Range(0, 5000).Select(i => $"line {i}\n")));
        last.Sequence.ShouldBeLessThan(1000);
    }

    [Fact]
    public async Task Logs_OfOneHugePiece_ComeInFramesOfBoundedSize()
    {
        await using var rig = await StartAsync();
        var line = new string('x', 100_000);
        rig.Runtime.Print(await rig.RunContainerAsync("web"), line);

        (await (await rig.AskAsync(rig.Command(Verbs.Logs, Logs("web")))).ToEndAsync()).Out.ShouldBe(line + "\n");
    }

    [Fact]
    public async Task Logs_BeyondTheirCredit_WaitForMore()
    {
        await using var rig = await StartAsync();
        var container = await rig.RunContainerAsync("web");
        var command = rig.Command(Verbs.Logs, Logs("web", follow: true), credit: 2);
        var answers = await rig.AskAsync(command);
        (await answers.NextAsync()).Data.ShouldBeEmpty();
        rig.Runtime.Print(container, "second frame");
        (await answers.NextAsync()).Data.ShouldNotBeEmpty();
        rig.Runtime.Print(container, "third frame");
        (await answers.IsSilentAsync()).ShouldBeTrue();

        await rig.SendAsync(command with { Verb = Verbs.Credit, Credit = 2 });
        (await answers.IsSilentAsync()).ShouldBeTrue();
        await rig.SendAsync(command with { Verb = Verbs.Credit, Credit = 3 });

        Encoding.UTF8.GetString((await answers.NextAsync()).Data).ShouldBe("third frame\n");
    }

    [Fact]
    public async Task AFollowedLog_WithoutLines_SaysThatTheDeviceIsThere()
    {
        await using var rig = await StartAsync();
        await rig.RunContainerAsync("web");
        var command = rig.Command(Verbs.Logs, Logs("web", follow: true), credit: 64);
        var answers = await rig.AskAsync(command);
        (await answers.FrameAsync()).Kind.ShouldBe(FrameKind.Ready);

        // The wait to be told to begin is as long as that for the next sign of life: a second later the two cannot be taken for each other.
        await Eventually.HoldsAsync(() => rig.Time.Dues.Contains(CommandLimits.BeginLimit), "it waits to be told to begin");
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await rig.SendAsync(command with { Verb = Verbs.Credit });
        (await answers.NextAsync()).Data.ShouldBeEmpty();

        for (var i = 0; i < 6; i++)
        {
            await Eventually.HoldsAsync(() => rig.Time.Dues.Contains(CommandLimits.KeepAlive), "it waits");
            rig.Time.Advance(CommandLimits.KeepAlive);
            (await answers.NextAsync()).Data.ShouldBeEmpty();
            await rig.SendAsync(command with { Verb = Verbs.Credit });
            await Eventually.HoldsAsync(() => rig.Time.Dues.Contains(CommandLimits.Lease), "the lease is renewed");
        }
    }

    [Fact]
    public async Task AFollowedLog_WhoseCallerIsGone_EndsWithTheLease()
    {
        await using var rig = await StartAsync();
        var container = await rig.RunContainerAsync("web");
        var answers = await rig.AskAsync(rig.Command(Verbs.Logs, Logs("web", follow: true), credit: 1));
        await answers.NextAsync();
        rig.Runtime.Print(container, "never sent");
        (await answers.IsSilentAsync()).ShouldBeTrue();

        rig.Time.Advance(CommandLimits.Lease);

        await Eventually.HoldsAsync(() => rig.Time.Dues.Count == 0, "no timer of a session is left");
        (await answers.IsSilentAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task AFollowedLog_WhoseCallerSaysGoodbye_EndsAtOnce()
    {
        await using var rig = await StartAsync();
        await rig.RunContainerAsync("web");
        var command = rig.Command(Verbs.Logs, Logs("web", follow: true));
        await (await rig.AskAsync(command)).NextAsync();

        await rig.SendAsync(command with { Verb = Verbs.Credit, Credit = 0 });

        await Eventually.HoldsAsync(() => rig.Time.Dues.Count == 0, "no timer of a session is left");
    }

    [Fact]
    public async Task SessionsBeyondTheLimit_AreRefused_AndTakenAgainWhenOneEnds()
    {
        await using var rig = await StartAsync();
        await rig.RunContainerAsync("web");
        var running = new List<Command>();
        for (var i = 0; i < CommandLimits.MaxSessions; i++)
        {
            running.Add(rig.Command(Verbs.Logs, Logs("web", follow: true)));
            await (await rig.AskAsync(running[i])).NextAsync();
        }

        var refused = await (await rig.AskAsync(rig.Command(Verbs.Ping))).NextAsync();
        refused.Kind.ShouldBe(FrameKind.Failed);
        Encoding.UTF8.GetString(refused.Data).ShouldBe("device pi-1 answers 16 commands already: try again later");

        await rig.SendAsync(running[0] with { Verb = Verbs.Credit, Credit = 0 });
        await Eventually.HoldsAsync(
            async () => (await (await rig.AskAsync(rig.Command(Verbs.Ping))).NextAsync()).Kind == FrameKind.End, "a place is free");
    }

    [Fact]
    public async Task AFrame_WhileTheBusIsAway_IsSentWhenItIsBack()
    {
        await using var rig = await StartAsync();
        var container = await rig.RunContainerAsync("web");
        var answers = await rig.AskAsync(rig.Command(Verbs.Logs, Logs("web", follow: true)));
        await answers.NextAsync();
        rig.Bus.GoDown();
        rig.Runtime.Print(container, "kept");
        await Eventually.HoldsAsync(() => rig.Time.Dues.Any(due => due < TimeSpan.FromSeconds(1)), "it waits to send");

        rig.Bus.GoUp();
        rig.Time.Advance(TimeSpan.FromSeconds(1));

        Encoding.UTF8.GetString((await answers.NextAsync()).Data).ShouldBe("kept\n");
    }

    [Fact]
    public async Task ACommandThatComesLate_IsNotCarriedOut()
    {
        await using var rig = await StartAsync();
        var container = await rig.RunContainerAsync("web");
        rig.Runtime.Print(container, "a line");
        var done = new List<string>();
        rig.Runtime.Fault = (operation, _) =>
        {
            done.Add(operation);
            return null;
        };
        var answers = await rig.AskAsync(rig.Command(Verbs.Logs, Logs("web")));
        (await answers.FrameAsync()).Kind.ShouldBe(FrameKind.Ready);
        await Eventually.HoldsAsync(() => rig.Time.Dues.Contains(CommandLimits.BeginLimit), "it waits");

        rig.Time.Advance(CommandLimits.BeginLimit);

        await Eventually.HoldsAsync(() => rig.Time.Dues.Count == 0, "no timer of a session is left");
        (await answers.IsSilentAsync()).ShouldBeTrue();
        done.ShouldBeEmpty();
    }

    [Fact]
    public async Task NonsenseWithoutPause_IsALineAMinute()
    {
        await using var rig = await StartAsync();
        async Task SendNonsenseAsync()
        {
            for (var i = 0; i < 100; i++)
            {
                await rig.SendBytesAsync(Subjects.Command(ControlPlane.Device, Verbs.Ping), [1, 2, 3], "1:forged");
            }

            await (await rig.AskAsync(rig.Command(Verbs.Ping))).NextAsync();
        }

        await SendNonsenseAsync();
        Refusals().ShouldBe(1);
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        await SendNonsenseAsync();
        Refusals().ShouldBe(2);

        int Refusals() => rig.Log.Collector.GetSnapshot().Count(line => line.Message.Contains("is not answered", StringComparison.Ordinal));
    }

    /// <summary>At each start somebody may have asked before the agent was there: that is neither strange nor anybody's fault.</summary>
    [Fact]
    public async Task ACommandOfAnEarlierConnection_IsNoWarning_AndItsEndIsNoLine()
    {
        await using var rig = await StartAsync();
        var early = rig.Command(Verbs.Ping);
        rig.Nonce.Renew();

        await rig.SendAsync(early with { Verb = Verbs.Credit, Credit = 0 });
        await (await rig.AskAsync(rig.Command(Verbs.Ping))).NextAsync();
        Refusals().ShouldBeEmpty();
        await rig.Signals.Info.WaitAsync(Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);

        await rig.SendAsync(early);
        await (await rig.AskAsync(rig.Command(Verbs.Ping))).NextAsync();
        Refusals().ShouldHaveSingleItem().Level.ShouldBe(Microsoft.Extensions.Logging.LogLevel.Information);

        IEnumerable<Microsoft.Extensions.Logging.Testing.FakeLogRecord> Refusals() => rig.Log.Collector.GetSnapshot().Where(line => line.Message.Contains("is not answered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ACommandWhoseCallerSaysGoodbyeBeforeItBegins_IsNotCarriedOut()
    {
        await using var rig = await StartAsync();
        await rig.RunContainerAsync("web");
        var command = rig.Command(Verbs.Logs, Logs("web"));
        var answers = await rig.AskAsync(command);
        (await answers.FrameAsync()).Kind.ShouldBe(FrameKind.Ready);

        await rig.SendAsync(command with { Verb = Verbs.Credit, Credit = 0 });

        await Eventually.HoldsAsync(() => rig.Time.Dues.Count == 0, "no timer of a session is left");
        (await answers.IsSilentAsync()).ShouldBeTrue();
    }
}
