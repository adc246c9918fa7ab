using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;

namespace Harmony.Fleet.Operator.Control.Loop;

/// <summary>Tells of stored manifests, at most once a second and then of how many, so that a change to a large fleet does not flood the log.</summary>
internal sealed partial class ManifestLog(TimeProvider time, ILogger<ManifestLog> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly long began = time.GetTimestamp();
    private TimeSpan next;
    private DeviceId device;
    private ManifestStep.Put? last;
    private int count;

    /// <summary>A manifest was stored.</summary>
    public void Stored(DeviceId stored, ManifestStep.Put put)
    {
        (device, last, count) = (stored, put, count + 1);
        Tell();
    }

    /// <summary>Tells what is due.</summary>
    public void Tell()
    {
        var now = time.GetElapsedTime(began);
        if (last is null || now < next)
        {
            return;
        }

        if (count == 1)
        {
            LogStored(logger, last.Generation, device, last.Bytes.Length, last.Why);
        }
        else
        {
            LogMany(logger, count, last.Generation, device, last.Why);
        }

        (next, last, count) = (now + Interval, null, 0);
    }
}
