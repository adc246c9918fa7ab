using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Control.Loop;

/// <summary>Tells of devices that came, went and turned: of each sort the first few of a second by name, and then how many, so that a large fleet that comes at once is a few lines.</summary>
internal sealed partial class DeviceLog
{
    private const int Named = 5;
    private readonly LogCollapse<DeviceId> acquired;
    private readonly LogCollapse<DeviceId> gone;
    private readonly LogCollapse<DeviceId> reachable;
    private readonly LogCollapse<DeviceId> unreachable;

    public DeviceLog(TimeProvider time, ILogger<DeviceLog> logger)
    {
        acquired = new(Named, time, device => LogAcquired(logger, device), (count, last) => LogManyAcquired(logger, count, last));
        gone = new(Named, time, device => LogGone(logger, device), (count, last) => LogManyGone(logger, count, last));
        reachable = new(Named, time, device => LogReachable(logger, device), (count, last) => LogManyReachable(logger, count, last));
        unreachable = new(Named, time, device => LogUnreachable(logger, device), (count, last) => LogManyUnreachable(logger, count, last));
    }

    /// <summary>A Device is there.</summary>
    public void Acquired(DeviceId device) => acquired.Take(device);

    /// <summary>A Device is gone.</summary>
    public void Gone(DeviceId device) => gone.Take(device);

    /// <summary>A Device is reachable, or is not any more.</summary>
    public void Turned(DeviceId device, bool isReachable) => (isReachable ? reachable : unreachable).Take(device);

    /// <summary>Tells what is due of what was held back.</summary>
    public void Tell()
    {
        acquired.Tell();
        gone.Tell();
        reachable.Tell();
        unreachable.Tell();
    }
}
