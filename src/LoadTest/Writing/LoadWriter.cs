using System.Diagnostics;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.LoadTest.Plans;

namespace Harmony.Fleet.LoadTest.Writing;

/// <summary>Writes reports at a rate, each of which changes one Deployment of its device; and keeps all devices alive. Several write at once, each for devices of its own.</summary>
internal sealed class LoadWriter(LoadPlan plan, Expectation expected, DeviceBuckets buckets)
{
    private const int MostWriters = 256;
    private static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(30);

    /// <summary>Does something for every device, many at once.</summary>
    public Task ForAllAsync(Func<int, CancellationToken, Task> work, Action<int> told, CancellationToken cancellationToken)
    {
        var done = 0;
        return Parallel.ForAsync(0, plan.Devices, new ParallelOptions { MaxDegreeOfParallelism = MostWriters, CancellationToken = cancellationToken }, async (device, token) =>
        {
            await work(device, token);
            told(Interlocked.Increment(ref done));
        });
    }

    /// <summary>Every device's first report: all runs.</summary>
    public Task FirstReportAsync(int device, CancellationToken cancellationToken)
    {
        expected.Of(device).AsSpan().Fill(Phase.Running);
        return buckets.PutReportAsync(device, expected.Of(device), cancellationToken);
    }

    /// <summary>Writes at <paramref name="rate"/> a second, or as fast as it goes, for <paramref name="span"/>.</summary>
    /// <returns>How long that took, until the last write was stored.</returns>
    public async Task<TimeSpan> WriteAsync(int rate, TimeSpan span, CancellationToken cancellationToken)
    {
        var writers = Math.Min(MostWriters, plan.Devices - plan.Probes);
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAsync(writer, writers, rate, span, began, cancellationToken), cancellationToken)));
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Signs of life of all devices, spread over their interval, until it is cancelled.</summary>
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        var slices = (int)(BeatInterval / TimeSpan.FromMilliseconds(100));
        for (var slice = 0; ; slice = (slice + 1) % slices)
        {
            var began = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, plan.Devices).Where(device => device % slices == slice).Select(device => buckets.PutBeatAsync(device, cancellationToken)));
            var left = (BeatInterval / slices) - Stopwatch.GetElapsedTime(began);
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken);
        }
    }

    private async Task WriteAsync(int writer, int writers, int rate, TimeSpan span, long began, CancellationToken cancellationToken)
    {
        var random = new Random(writer);
        var devices = Enumerable.Range(plan.Probes, plan.Devices - plan.Probes).Where(device => device % writers == writer).ToArray();
        for (var number = 0; ; number++)
        {
            var due = TimeSpan.FromSeconds((((double)number * writers) + writer) / rate);
            if (due > span || Stopwatch.GetElapsedTime(began) > span)
            {
                return;
            }

            if (due - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } early)
            {
                await Task.Delay(early, cancellationToken);
            }

            var device = devices[number % devices.Length];
            var phases = expected.Of(device);
            if (phases.Length > 0)
            {
                phases[random.Next(phases.Length)] = random.Next(10) switch { 0 => Phase.Failed, 1 or 2 => Phase.Pulling, _ => Phase.Running };
            }

            await buckets.PutReportAsync(device, phases, cancellationToken);
        }
    }
}
