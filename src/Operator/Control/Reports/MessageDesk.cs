using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Operator.Control.Devices;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Reports;

/// <summary>Passes on what devices put, once it was found to be theirs.</summary>
internal sealed class MessageDesk(MessageReader reader, DeviceBook devices, TimeProvider time)
{
    private readonly HashSet<string> caughtUp = new(StringComparer.Ordinal);

    /// <summary>Whether a bucket's values are known as they are.</summary>
    public bool IsCaughtUp(string bucket) => caughtUp.Contains(bucket);

    /// <summary>A watch of <paramref name="bucket"/> saw something.</summary>
    public void Watch(string bucket, BucketEvent happened)
    {
        switch (happened)
        {
            case BucketEvent.Restarted:
                caughtUp.Remove(bucket);
                break;
            case BucketEvent.CaughtUp:
                caughtUp.Add(bucket);
                break;
            case BucketEvent.Changed { Value: { IsDeleted: false } entry }:
                // What was there before may be old; what comes now is said now, whatever the server's clock.
                Pass(bucket, entry, caughtUp.Contains(bucket) ? time.GetUtcNow() : entry.Created);
                break;
            default:
                break;
        }
    }

    private void Pass(string bucket, BucketEntry entry, DateTimeOffset at)
    {
        switch (bucket)
        {
            case BucketNames.DeviceInfo when reader.Info(entry) is { } info:
                devices.Hear(info, at);
                break;
            case BucketNames.DeviceState when reader.Report(entry) is { } report:
                devices.Hear(report, at);
                break;
            case BucketNames.DeviceHeartbeat when reader.Heartbeat(entry) is { } beat:
                devices.Hear(beat, at);
                break;
            default:
                break;
        }
    }
}
