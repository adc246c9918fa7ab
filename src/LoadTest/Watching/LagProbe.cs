using System.Collections.Concurrent;
using System.Diagnostics;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.LoadTest.Plans;
using Harmony.Fleet.LoadTest.Writing;

namespace Harmony.Fleet.LoadTest.Watching;

/// <summary>Measures the lag: a device that nobody else writes for reports a change, and its Deployment's aggregate is waited for.</summary>
internal sealed class LagProbe(LoadPlan plan, Expectation expected, DeviceBuckets buckets, AggregateWatch watch)
{
    private static readonly Counts Running = new(1, 1, 0, 0, 0);
    private static readonly Counts Failed = new(1, 0, 1, 0, 0);

    private readonly ConcurrentQueue<double> lags = new();

    /// <summary>What was measured, in milliseconds.</summary>
    public double[] Lags => [.. lags];

    /// <summary>Measures with all probes until it is cancelled; a measurement that has begun is ended.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(Enumerable.Range(0, plan.Probes).Select(probe => ProbeAsync(probe, cancellationToken)));

    private async Task ProbeAsync(int probe, CancellationToken cancellationToken)
    {
        var random = new Random(probe);
        var phases = expected.Of(probe);
        while (!cancellationToken.IsCancellationRequested)
        {
            // At any moment of the operator's rhythm.
            await Task.Delay(random.Next(500), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            phases[0] = phases[0] == Phase.Running ? Phase.Failed : Phase.Running;
            var seen = watch.WhenAsync(plan.DeploymentOfProbe(probe), phases[0] == Phase.Running ? Running : Failed);
            var began = Stopwatch.GetTimestamp();
            await buckets.PutReportAsync(probe, phases, CancellationToken.None);
            await seen.WaitAsync(TimeSpan.FromSeconds(60), CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lags.Enqueue(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
    }
}
