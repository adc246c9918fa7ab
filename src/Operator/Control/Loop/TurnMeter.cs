using System.Diagnostics;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Operator.Telemetry;

namespace Harmony.Fleet.Operator.Control.Loop;

/// <summary>Measures the turns of the control loop, around the engine: it has no meter of its own.</summary>
internal sealed class TurnMeter(FleetMeter meter, TimeProvider time)
{
    private volatile Func<long>? queued;
    private long waiting;
    private bool isLive;

    /// <summary>Tells how much waits when that is collected, for the engine that begins.</summary>
    /// <param name="events">How many events wait for the loop.</param>
    public void Observe(Func<long> events)
    {
        var isFirst = queued is null;
        (queued, isLive) = (events, false);
        if (!isFirst)
        {
            return;
        }

        meter.Gauge("fleet.loop.queue.length", "{event}", "Events that wait for the control loop.", () => queued!());
        meter.Gauge("fleet.loop.work.waiting", "{object}", "Objects that wait to be looked at by the engine.", () => Volatile.Read(ref waiting));
    }

    /// <summary>A turn is over.</summary>
    /// <param name="batch">What it took.</param>
    /// <param name="began">When it began, as a timestamp of the stopwatch.</param>
    /// <param name="objects">How many objects wait to be looked at.</param>
    public void Turned(IReadOnlyList<FleetEvent> batch, long began, int objects)
    {
        Volatile.Write(ref waiting, objects);
        meter.TurnTime.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        var now = time.GetUtcNow();
        foreach (var happened in batch)
        {
            if (meter.Events.Enabled)
            {
                meter.Events.Add(1, new KeyValuePair<string, object?>("event", happened.GetType().Name));
            }

            Measure(happened, now);
        }
    }

    /// <summary>Of reports that are new: how old those are that were there before says nothing of the operator.</summary>
    private void Measure(FleetEvent happened, DateTimeOffset now)
    {
        switch (happened)
        {
            case FleetEvent.WatchCaughtUp { Bucket: WatchedBucket.DeviceState }:
                isLive = true;
                break;
            case FleetEvent.WatchRestarted { Bucket: WatchedBucket.DeviceState } or FleetEvent.ResyncBegan { Bucket: WatchedBucket.DeviceState }:
                isLive = false;
                break;
            case FleetEvent.ReportHeard heard when isLive:
                meter.ReportLag.Record(Math.Max(0, (now - heard.Stored).TotalSeconds));
                break;
            default:
                break;
        }
    }
}
