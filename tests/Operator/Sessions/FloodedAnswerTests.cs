using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Operator.Keys;
using Harmony.Fleet.Operator.Sessions;
using Microsoft.Extensions.Logging.Testing;
using static Harmony.Fleet.Tests.Operator.Sessions.ScriptedDevice;

namespace Harmony.Fleet.Tests.Operator.Sessions;

public sealed class FloodedAnswerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Whoever may write to the subject of the answer can send what they like, as fast as they can.</summary>
    [Fact]
    public async Task Ping_FloodedWithWhatIsNoAnswer_IsBrokenOff_AndIsAFewLines()
    {
        await using var device = await StartAsync();
        var log = new FakeLogger<DeviceCommands>();
        var asking = Logging(device, log).PingAsync(Device, Cancel);
        var command = await device.ReceiveAsync();
        for (var number = 0; number < 5_000; number++)
        {
            await device.SendBytesAsync(command, [1, 2, 3], key: new byte[32]);
        }

        (await asking).ShouldBeOfType<CommandOutcome<PingReply>.Failed>().Reason
            .ShouldBe("the answer of device pi-1 was broken off: 256 messages came that are no part of it, the last because its MAC is not the device's");
        log.Collector.GetSnapshot().Select(line => line.Id.Id).ShouldBe([2401, 2401, 2401, 2402]);
        log.LatestRecord.Message.ShouldStartWith("254 more messages to session");
    }

    [Fact]
    public async Task Ping_WithAFewMessagesThatAreNoAnswer_IsAnsweredAllTheSame()
    {
        await using var device = await StartAsync();
        var log = new FakeLogger<DeviceCommands>();
        var asking = Logging(device, log).PingAsync(Device, Cancel);
        var command = await device.ReceiveAsync();
        for (var number = 0; number < 5; number++)
        {
            await device.SendBytesAsync(command, [1, 2, 3], key: new byte[32]);
        }

        await device.SendAsync(command, Frame(command, 0, FrameKind.End) with { Data = Pong() });

        (await asking).ShouldBeOfType<CommandOutcome<PingReply>.Answered>();
        log.Collector.GetSnapshot().Select(line => line.Id.Id).ShouldBe([2401, 2401, 2401, 2402]);
    }

    private static DeviceCommands Logging(ScriptedDevice device, FakeLogger<DeviceCommands> log) => new(
        device.OperatorBus, device.Directory, new DeviceKeyRing(Master, 1), new SessionIds(System.Security.Cryptography.RandomNumberGenerator.Create()), new SessionTimes(), device.Time, log);
}
