using System.Text;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Operator.Keys;
using Harmony.Fleet.Operator.Sessions;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Operator.Control;
using Microsoft.Extensions.Logging.Abstractions;
using static Harmony.Fleet.Tests.Operator.Sessions.ScriptedDevice;

namespace Harmony.Fleet.Tests.Operator.Sessions;

public sealed class DeviceCommandsTests
{
    private static readonly LogsRequest Request = new() { Namespace = NamespaceName.Parse("acme"), Name = DeploymentName.Parse("web"), Follow = true };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ping_Answered_GivesTheReply()
    {
        await using var device = await StartAsync();
        var asking = device.Commands.PingAsync(Device, Cancel);
        var command = await device.ReceiveAsync();
        command.Verb.ShouldBe(Verbs.Ping);
        command.Nonce.ShouldBe("the-nonce");
        command.Session.ShouldMatch("^[A-Za-z0-9_-]{22}$");

        await device.SendAsync(command, Frame(command, 0, FrameKind.End) with { Data = Pong() });

        (await asking).ShouldBeOfType<CommandOutcome<PingReply>.Answered>().Value.AgentVersion.ShouldBe("1.2.3");
    }

    [Fact]
    public async Task Ping_OfADeviceThatIsReady_IsToldToBegin_WhileSomebodyWaits()
    {
        await using var device = await StartAsync();
        var asking = device.Commands.PingAsync(Device, Cancel);
        var command = await device.ReceiveAsync();

        await device.SendAsync(command, 0, FrameKind.Ready);

        var begin = await device.ReceiveAsync();
        (begin.Verb, begin.Session, begin.Credit).ShouldBe((Verbs.Credit, command.Session, CommandLimits.DefaultCredit));
        await device.SendAsync(command, Frame(command, 1, FrameKind.End) with { Data = Pong() });
        (await asking).ShouldBeOfType<CommandOutcome<PingReply>.Answered>();
    }

    [Fact]
    public async Task Ping_OfADeviceThatIsReadyTooLate_IsNeverToldToBegin()
    {
        await using var device = await StartAsync();
        var asking = device.Commands.PingAsync(Device, Cancel);
        var command = await device.ReceiveAsync();
        device.Time.Advance(TimeSpan.FromSeconds(5));
        (await asking).ShouldBeOfType<CommandOutcome<PingReply>.DeviceUnreachable>();
        (await device.ReceiveAsync()).Credit.ShouldBe(0, "it is told that nobody waits");

        await device.SendAsync(command, 0, FrameKind.Ready);

        (await device.IsSilentAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Ping_OfADeviceThatNeverSaidHello_IsUnreachable()
    {
        await using var device = await StartAsync();
        device.Directory.Remove(Device);

        (await device.Commands.PingAsync(Device, Cancel)).ShouldBeOfType<CommandOutcome<PingReply>.DeviceUnreachable>()
            .Reason.ShouldContain("has not said hello");
    }

    [Fact]
    public async Task Ping_WithoutAnswer_IsUnreachableInTime()
    {
        await using var device = await StartAsync();
        var asking = device.Commands.PingAsync(Device, Cancel);
        await device.ReceiveAsync();

        device.Time.Advance(TimeSpan.FromSeconds(5));

        (await asking).ShouldBeOfType<CommandOutcome<PingReply>.DeviceUnreachable>().Reason.ShouldBe("device pi-1 did not answer within 5 s");
    }

    [Fact]
    public async Task Ping_WhileNatsHangs_DoesNotBlameTheDevice()
    {
        await using var device = await StartAsync();
        device.OperatorBus.Hangs = true;
        var asking = device.Commands.PingAsync(Device, Cancel);

        device.Time.Advance(TimeSpan.FromSeconds(5.6));

        (await asking).ShouldBeOfType<CommandOutcome<PingReply>.DeviceUnreachable>().Reason
            .ShouldBe("NATS did not answer the operator within 5.6 s: whether device pi-1 would is not known");
    }

    [Fact]
    public async Task Ping_WhileNatsHangsFromTheFirst_IsNotSentAtAll()
    {
        await using var device = await StartAsync();
        var silent = new SilentBus(device.OperatorBus, device.Time, TimeSpan.FromSeconds(6));
        var commands = new DeviceCommands(
            silent, device.Directory, new DeviceKeyRing(Master, 1), new SessionIds(System.Security.Cryptography.RandomNumberGenerator.Create()), new SessionTimes(), device.Time, NullLogger<DeviceCommands>.Instance);

        (await commands.PingAsync(Device, Cancel)).ShouldBeOfType<CommandOutcome<PingReply>.DeviceUnreachable>().Reason
            .ShouldBe("NATS did not answer the operator within 6 s: whether device pi-1 would is not known");

        (await device.IsSilentAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Ping_WithTheBusAway_IsUnreachableAtOnce()
    {
        await using var device = await StartAsync();
        device.OperatorBus.GoDown("refused");

        (await device.Commands.PingAsync(Device, Cancel)).ShouldBeOfType<CommandOutcome<PingReply>.DeviceUnreachable>().Reason.ShouldContain("refused");
    }

    [Fact]
    public async Task Ping_Cancelled_Throws()
    {
        await using var device = await StartAsync();
        using var cancel = new CancellationTokenSource();
        var asking = device.Commands.PingAsync(Device, cancel.Token);
        await device.ReceiveAsync();

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(asking);
    }

    [Fact]
    public async Task Ping_Refused_GivesTheReason()
    {
        await using var device = await StartAsync();
        var asking = device.Commands.PingAsync(Device, Cancel);
        var command = await device.ReceiveAsync();

        await device.SendAsync(command, 0, FrameKind.Failed, "too busy");

        (await asking).ShouldBe(new CommandOutcome<PingReply>.Failed("too busy"));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("null")]
    [InlineData("{\"device\":\"pi-2\",\"agentVersion\":\"1\",\"uptimeSeconds\":1}")]
    public async Task Ping_AnsweredWithWhatIsNoReply_Fails(string data)
    {
        await using var device = await StartAsync();
        var asking = device.Commands.PingAsync(Device, Cancel);
        var command = await device.ReceiveAsync();

        await device.SendAsync(command, 0, FrameKind.End, data);

        (await asking).ShouldBeOfType<CommandOutcome<PingReply>.Failed>();
    }

    [Fact]
    public async Task Ping_AnsweredByOthers_WaitsForTheDevice()
    {
        await using var device = await StartAsync();
        var asking = device.Commands.PingAsync(Device, Cancel);
        var command = await device.ReceiveAsync();
        var good = Frame(command, 0, FrameKind.End) with { Data = Pong() };
        var other = Master.DeviceKeys(DeviceId.Parse("pi-2"), 1);

        await device.SendAsync(command, good, other.Up);
        await device.SendAsync(command, good, Keys.Down);
        await device.SendAsync(command, good, kind: MessageKinds.Report);
        await device.SendAsync(command, good with { Device = DeviceId.Parse("pi-2") });
        await device.SendAsync(command, good with { Session = "another-session" });
        await device.SendAsync(command, good with { Data = new byte[CommandLimits.MaxFrameDataBytes + 1] });
        await device.SendBytesAsync(command, "not json"u8.ToArray());
        await device.SendBytesAsync(command, new byte[WireLimits.MaxDocumentBytes + 1]);
        await Task.Delay(50, Cancel);
        asking.IsCompleted.ShouldBeFalse();
        await device.SendAsync(command, good);

        (await asking).ShouldBeOfType<CommandOutcome<PingReply>.Answered>();
    }

    [Fact]
    public async Task Sessions_AllDiffer()
    {
        await using var device = await StartAsync();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 20; i++)
        {
            var asking = device.Commands.PingAsync(Device, Cancel);
            var command = await device.ReceiveAsync();
            names.Add(command.Session).ShouldBeTrue();
            await device.SendAsync(command, 0, FrameKind.Failed);
            await asking;
        }
    }

    [Fact]
    public async Task Logs_OfAnUnknownContainer_FailBeforeAnythingIsRead()
    {
        await using var device = await StartAsync();
        var asking = device.Commands.LogsAsync(Device, Request, Cancel);
        var command = await device.ReceiveAsync();
        command.Logs.ShouldBe(Request);

        await device.SendAsync(command, 0, FrameKind.Failed, "no such container");

        (await asking).ShouldBe(new CommandOutcome<ILogSession>.Failed("no such container"));
    }

    [Fact]
    public async Task Logs_Read_AreThePiecesInOrder()
    {
        await using var device = await StartAsync();
        var (command, log) = await OpenAsync(device);
        await device.SendAsync(command, 1, FrameKind.Data, "one");
        await device.SendAsync(command, 1, FrameKind.Data, "one again");
        await device.SendAsync(command, 2, FrameKind.Error, "two");
        await device.SendAsync(command, 3, FrameKind.Data);
        await device.SendAsync(command, 4, FrameKind.Unknown, "from the future");
        await device.SendAsync(command, 0, FrameKind.Data, "replayed");
        await device.SendAsync(command, 5, FrameKind.Data, "three");
        await device.SendAsync(command, 6, FrameKind.End);

        (await ReadAsync(log)).ShouldBe(["one", "!two", "three"]);
        await log.DisposeAsync();
    }

    [Fact]
    public async Task Logs_WithAFrameLost_Break()
    {
        await using var device = await StartAsync();
        var (command, log) = await OpenAsync(device);
        await device.SendAsync(command, 1, FrameKind.Data, "one");
        await device.SendAsync(command, 3, FrameKind.Data, "three");

        var broken = await Should.ThrowAsync<SessionBrokenException>(ReadAsync(log));

        broken.Message.ShouldBe("1 frames of device pi-1 were lost on the way");
        broken.IsDeviceAway.ShouldBeFalse();
        await log.DisposeAsync();
    }

    [Fact]
    public async Task Logs_OfADeviceThatFallsSilent_BreakAfterTheLease()
    {
        await using var device = await StartAsync();
        var (_, log) = await OpenAsync(device);
        var reading = ReadAsync(log);
        await Eventually.HoldsAsync(() => device.Time.Dues.Contains(CommandLimits.Lease), "it waits");

        device.Time.Advance(CommandLimits.Lease);

        (await Should.ThrowAsync<SessionBrokenException>(reading)).IsDeviceAway.ShouldBeTrue();
        await log.DisposeAsync();
    }

    [Fact]
    public async Task Logs_ThatBreakOffOnTheDevice_SayWhy()
    {
        await using var device = await StartAsync();
        var (command, log) = await OpenAsync(device);
        await device.SendAsync(command, 1, FrameKind.Failed, "podman went away");

        var broken = await Should.ThrowAsync<SessionBrokenException>(ReadAsync(log));

        broken.Message.ShouldBe("podman went away");
        broken.IsDeviceAway.ShouldBeFalse();
        await log.DisposeAsync();
    }

    [Fact]
    public async Task Logs_Read_GrantCreditAsTheyAreRead()
    {
        await using var device = await StartAsync();
        var (command, log) = await OpenAsync(device);
        command.Credit.ShouldBe(CommandLimits.DefaultCredit);
        for (var i = 1; i < CommandLimits.DefaultCredit; i++)
        {
            await device.SendAsync(command, i, FrameKind.Data, "x");
        }

        var reading = ReadAsync(log);

        (await device.ReceiveAsync()).Credit.ShouldBe(32 + 64);
        (await device.ReceiveAsync()).Credit.ShouldBe(64 + 64);
        await device.SendAsync(command, CommandLimits.DefaultCredit, FrameKind.End);
        (await reading).Count.ShouldBe(63);
        await log.DisposeAsync();
    }

    [Fact]
    public async Task Logs_NotRead_GrantNothingMoreButKeepTheSession()
    {
        await using var device = await StartAsync();
        var (_, log) = await OpenAsync(device);
        for (var i = 0; i < 4; i++)
        {
            await Eventually.HoldsAsync(() => device.Time.Dues.Contains(CommandLimits.KeepAlive), "it waits");
            device.Time.Advance(CommandLimits.KeepAlive);
            var credit = await device.ReceiveAsync();
            credit.Verb.ShouldBe(Verbs.Credit);
            credit.Credit.ShouldBe(CommandLimits.DefaultCredit);
        }

        await log.DisposeAsync();
    }

    [Fact]
    public async Task Logs_Disposed_TellTheDeviceAndListenNoMore()
    {
        await using var device = await StartAsync();
        var (command, log) = await OpenAsync(device);

        await log.DisposeAsync();

        var goodbye = await device.ReceiveAsync();
        (goodbye.Verb, goodbye.Credit, goodbye.Session).ShouldBe((Verbs.Credit, 0, command.Session));
        device.Broker.IsHeard(Subjects.Reply(Device, command.Session)).ShouldBeFalse();
        device.Time.Dues.ShouldBeEmpty();
    }

    /// <summary>What was thrown while the device was told that somebody listens kept it from being told that nobody does, and the subscription stayed.</summary>
    [Fact]
    public async Task Logs_Disposed_AfterTheBusThrew_TellTheDeviceAllTheSame()
    {
        await using var device = await StartAsync();
        Exception? failure = null;
        var bus = new BrokenBus(device.OperatorBus, () => failure);
        var commands = new DeviceCommands(
            bus, device.Directory, new DeviceKeyRing(Master, 1), new SessionIds(System.Security.Cryptography.RandomNumberGenerator.Create()), new SessionTimes(), device.Time, NullLogger<DeviceCommands>.Instance);
        var (_, log) = await OpenAsync(device, commands);
        await Eventually.HoldsAsync(() => device.Time.Dues.Contains(CommandLimits.KeepAlive), "it waits");
        failure = new InvalidOperationException("thrown by the test");
        device.Time.Advance(CommandLimits.KeepAlive);
        await Eventually.HoldsAsync(() => !device.Time.Dues.Contains(CommandLimits.KeepAlive), "it was thrown");
        failure = null;

        (await Should.ThrowAsync<InvalidOperationException>(() => log.DisposeAsync().AsTask())).Message.ShouldBe("thrown by the test");

        (await device.ReceiveAsync()).Credit.ShouldBe(0);
    }

    [Fact]
    public async Task Logs_WhoseReaderIsCancelled_Throw()
    {
        await using var device = await StartAsync();
        var (_, log) = await OpenAsync(device);
        using var cancel = new CancellationTokenSource();
        var reading = ReadAsync(log, cancel.Token);

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(reading);
        await log.DisposeAsync();
        (await device.ReceiveAsync()).Credit.ShouldBe(0);
    }

    private static async Task<(Command Command, ILogSession Log)> OpenAsync(ScriptedDevice device, IDeviceCommands? commands = null)
    {
        var asking = (commands ?? device.Commands).LogsAsync(Device, Request, Cancel);
        var command = await device.ReceiveAsync();
        await device.SendAsync(command, 0, FrameKind.Data);
        return (command, (await asking).ShouldBeOfType<CommandOutcome<ILogSession>.Answered>().Value);
    }

    private static async Task<List<string>> ReadAsync(ILogSession log, CancellationToken? cancellationToken = null)
    {
        var pieces = new List<string>();
        await foreach (var piece in log.ReadAsync(cancellationToken ?? Cancel))
        {
            pieces.Add((piece.IsError ? "!" : string.Empty) + Encoding.UTF8.GetString(piece.Bytes.Span));
        }

        return pieces;
    }
}
