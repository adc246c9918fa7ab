using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Retries;

namespace Harmony.Fleet.Core.Engine;

/// <summary>How often each device's resource was written of late. Nothing is kept of those that were not.</summary>
internal sealed class WriteRates(TokenLimit limit)
{
    private static readonly TimeSpan Sweeps = TimeSpan.FromMinutes(1);
    private readonly Dictionary<DeviceId, TokenBucket> buckets = [];
    private readonly TimeSpan longest = TimeSpan.FromSeconds(limit.Burst / limit.PerSecond);
    private DateTimeOffset nextSweep;

    /// <summary>How many devices something is kept of.</summary>
    public int Count => buckets.Count;

    /// <summary>How long a write has to wait; zero for not at all.</summary>
    public TimeSpan Wait(DeviceId device, DateTimeOffset now) => Of(device, now).Wait(limit, 1, Clock(now));

    /// <summary>One is written.</summary>
    public void Take(DeviceId device, DateTimeOffset now) => buckets[device] = Of(device, now).Take(limit, 1, Clock(now)).Next;

    /// <summary>Forgets those that may be written as often as if they never had been.</summary>
    public void Tick(DateTimeOffset now)
    {
        if (now < nextSweep && nextSweep - now <= Sweeps)
        {
            return;
        }

        nextSweep = now + Sweeps;
        foreach (var (device, bucket) in buckets)
        {
            if (bucket.IsFull(limit, Clock(now)) || bucket.At > Clock(now) + longest)
            {
                buckets.Remove(device);
            }
        }
    }

    // A clock that was put back must not make a device wait for the time that it went back.
    private TokenBucket Of(DeviceId device, DateTimeOffset now) =>
        buckets.TryGetValue(device, out var bucket) && bucket.At <= Clock(now) ? bucket : default;

    private static TimeSpan Clock(DateTimeOffset now) => TimeSpan.FromTicks(now.UtcTicks);
}
