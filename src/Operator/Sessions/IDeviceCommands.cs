using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Sessions;

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
