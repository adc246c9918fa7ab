using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Operator.Keys;
using Harmony.Fleet.Operator.Sessions;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.Operator.Sessions;

/// <summary>The operator's commands, and a device that a test plays by hand.</summary>
internal sealed class ScriptedDevice : IAsyncDisposable
{
    public static readonly DeviceId Device = DeviceId.Parse("pi-1");
    public static readonly MasterKey Master = MasterKey.Parse(Convert.ToBase64String(Enumerable.Range(0, 32).Select(number => (byte)number).ToArray()));
    public static readonly DeviceKeys Keys = Master.DeviceKeys(Device, 1);

    private readonly FakeBus bus;
    private readonly ISubscription subscription;
    private readonly IAsyncEnumerator<BusMessage> received;
    private Task<bool>? waiting;

    private ScriptedDevice(FakeBroker broker, FakeBus bus, ISubscription subscription)
    {
        (Broker, this.bus, this.subscription) = (broker, bus, subscription);
        received = subscription.ReadAsync(CancellationToken.None).GetAsyncEnumerator();
        OperatorBus = broker.Connect();
        Directory.Put(Device, "the-nonce");
        Commands = new DeviceCommands(
            OperatorBus,
            Directory,
            new DeviceKeyRing(Master, 1),
            new SessionIds(System.Security.Cryptography.RandomNumberGenerator.Create()),
            new SessionTimes(),
            Time,
            NullLogger<DeviceCommands>.Instance);
    }

    public FakeBroker Broker { get; }

    public FakeBus OperatorBus { get; }

    public ManualTime Time { get; } = new();

    public DeviceDirectory Directory { get; } = new();

    public IDeviceCommands Commands { get; }

    public static async Task<ScriptedDevice> StartAsync()
    {
        var broker = new FakeBroker();
        var connection = broker.Connect();
        return new ScriptedDevice(broker, connection, await connection.SubscribeAsync(Subjects.Commands(Device), CancellationToken.None));
    }

    /// <summary>The next command, checked as a device would.</summary>
    public async Task<Command> ReceiveAsync()
    {
        (await Waiting().WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        waiting = null;
        var message = received.Current;
        MessageMac.Verify(Keys.Down, Keys.Epoch, MessageKinds.Command, Device, message.Payload.Span, message.Headers.Mac).ShouldBeTrue();
        var command = JsonSerializer.Deserialize(message.Payload.Span, ContractsJson.Bus.Command)!;
        command.Device.ShouldBe(Device);
        message.Subject.ShouldBe(Subjects.Command(Device, command.Verb));
        return command;
    }

    /// <summary>Whether no command has come.</summary>
    public async Task<bool> IsSilentAsync()
    {
        await Task.WhenAny(Waiting(), Task.Delay(100));
        return !Waiting().IsCompleted;
    }

    public Task SendAsync(Command to, int sequence, FrameKind kind, string text = "") => SendAsync(to, Frame(to, sequence, kind, text));

    /// <summary>Sends a frame under the device's key, or another.</summary>
    public Task SendAsync(Command to, ReplyFrame frame, byte[]? key = null, string kind = MessageKinds.Reply) =>
        SendBytesAsync(to, JsonSerializer.SerializeToUtf8Bytes(frame, ContractsJson.Bus.ReplyFrame), key, kind);

    public async Task SendBytesAsync(Command to, byte[] payload, byte[]? key = null, string kind = MessageKinds.Reply)
    {
        var mac = MessageMac.Sign(key ?? Keys.Up, Keys.Epoch, kind, Device, payload);
        await bus.PublishAsync(Subjects.Reply(Device, to.Session), payload, new BusHeaders(mac), CancellationToken.None);
    }

    public static ReplyFrame Frame(Command to, int sequence, FrameKind kind, string text = "") =>
        new() { Device = Device, Session = to.Session, Sequence = sequence, Kind = kind, Data = System.Text.Encoding.UTF8.GetBytes(text) };

    public static byte[] Pong(DeviceId? device = null) => JsonSerializer.SerializeToUtf8Bytes(
        new PingReply { Device = device ?? Device, AgentVersion = "1.2.3", UptimeSeconds = 7 }, ContractsJson.Bus.PingReply);

    public async ValueTask DisposeAsync() => await subscription.DisposeAsync();

    private Task<bool> Waiting() => waiting ??= received.MoveNextAsync().AsTask();
}
