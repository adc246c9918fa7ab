using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Control.Loop;

/// <summary>Tells of devices that came, went and turned: of each sort the first few of a second by name, and then how many, so that a large fleet that comes at once is a few lines.</summary>
internal sealed partial class DeviceLog
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly TimeProvider time;
    private readonly long began;
    private readonly Sort acquired;
    private readonly Sort gone;
    private readonly Sort reachable;
    private readonly Sort unreachable;

    public DeviceLog(TimeProvider time, ILogger<DeviceLog> logger)
    {
        (this.time, began) = (time, time.GetTimestamp());
        acquired = new(device => LogAcquired(logger, device), (count, last) => LogManyAcquired(logger, count, last));
        gone = new(device => LogGone(logger, device), (count, last) => LogManyGone(logger, count, last));
        reachable = new(device => LogReachable(logger, device), (count, last) => LogManyReachable(logger, count, last));
        unreachable = new(device => LogUnreachable(logger, device), (count, last) => LogManyUnreachable(logger, count, last));
    }

    private TimeSpan Now => time.GetElapsedTime(began);

    /// <summary>A Device is there.</summary>
    public void Acquired(DeviceId device) => acquired.Take(device, Now);

    /// <summary>A Device is gone.</summary>
    public void Gone(DeviceId device) => gone.Take(device, Now);

    /// <summary>A Device is reachable, or is not any more.</summary>
    public void Turned(DeviceId device, bool isReachable) => (isReachable ? reachable : unreachable).Take(device, Now);

    /// <summary>Tells what is due of what was held back.</summary>
    public void Tell()
    {
        acquired.Tell(Now);
        gone.Tell(Now);
        reachable.Tell(Now);
        unreachable.Tell(Now);
    }

    private sealed class Sort(Action<DeviceId> one, Action<int, DeviceId> many)
    {
        private const int Named = 5;
        private TimeSpan next;
        private DeviceId last;
        private int named;
        private int more;

        public void Take(DeviceId device, TimeSpan now)
        {
            Tell(now);
            if (named < Named)
            {
                next = named == 0 ? now + Interval : next;
                named++;
                one(device);
            }
            else
            {
                (last, more) = (device, more + 1);
            }
        }

        public void Tell(TimeSpan now)
        {
            if (named == 0 || now < next)
            {
                return;
            }

            var held = more;
            (named, more) = (0, 0);
            if (held == 1)
            {
                one(last);
            }
            else if (held > 1)
            {
                many(held, last);
            }
        }
    }
}
