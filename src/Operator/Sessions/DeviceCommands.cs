using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Operator.Keys;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Sessions;

/// <summary>Asks devices over a connection of its own, so that a device that floods its answers slows nothing else.</summary>
internal sealed class DeviceCommands(
    IBus bus, IDeviceDirectory directory, DeviceKeyRing keys, SessionIds ids, SessionTimes times, TimeProvider time, ILogger<DeviceCommands> logger)
    : IDeviceCommands
{
    private readonly CommandSender sender = new(bus, directory, keys);

    /// <inheritdoc/>
    public async Task<CommandOutcome<PingReply>> PingAsync(DeviceId device, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(device, cancellationToken);
        var first = await session.BeginAsync(Verbs.Ping, logs: null, times.FirstFrame, cancellationToken);
        return first.Then(frame => Read(frame, device));
    }

    /// <inheritdoc/>
    public async Task<CommandOutcome<ILogSession>> LogsAsync(DeviceId device, LogsRequest request, CancellationToken cancellationToken)
    {
        var session = await OpenAsync(device, cancellationToken);
        ILogSession? log = null;
        try
        {
            var first = await session.BeginAsync(Verbs.Logs, request, times.FirstFrame, cancellationToken);
            return first.Then<ILogSession>(frame => new CommandOutcome<ILogSession>.Answered(log = new LogSession(session, frame, times)));
        }
        finally
        {
            if (log is null)
            {
                await session.DisposeAsync();
            }
        }
    }

    private static CommandOutcome<PingReply> Read(ReplyFrame frame, DeviceId device)
    {
        try
        {
            return JsonSerializer.Deserialize(frame.Data, ContractsJson.Bus.PingReply) is { } reply && reply.Device == device
                ? new CommandOutcome<PingReply>.Answered(reply)
                : new CommandOutcome<PingReply>.Failed($"device {device} answered in another's name");
        }
        catch (JsonException)
        {
            return new CommandOutcome<PingReply>.Failed($"the answer of device {device} cannot be read");
        }
    }

    private async Task<DeviceSession> OpenAsync(DeviceId device, CancellationToken cancellationToken)
    {
        var begin = time.GetTimestamp();
        var name = ids.Next();
        var subscription = await bus.SubscribeAsync(Subjects.Reply(device, name), cancellationToken);
        return new DeviceSession(sender, new FrameCheck(keys, device, name), device, name, subscription, time, begin, logger);
    }
}

/// <summary>Asks devices, and checks that it is they who answer.</summary>
internal interface IDeviceCommands
{
    /// <summary>Asks <paramref name="device"/> for a sign of life.</summary>
    Task<CommandOutcome<PingReply>> PingAsync(DeviceId device, CancellationToken cancellationToken);

    /// <summary>
    /// A container's log. The outcome comes with the first frame, so that a device that is away or has no such container is known
    /// before anything is streamed. Dispose what was answered: the device stops sending soon after.
    /// </summary>
    Task<CommandOutcome<ILogSession>> LogsAsync(DeviceId device, LogsRequest request, CancellationToken cancellationToken);
}
