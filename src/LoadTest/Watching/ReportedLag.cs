using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.LoadTest.Plans;

namespace Harmony.Fleet.LoadTest.Watching;

/// <summary>
/// Measures the lag of agents that report by themselves: from the moment at which a probe's agent puts a report with another phase until its Deployment's aggregate says so. Of one that
/// the next replaces before it was counted nothing is measured.
/// </summary>
internal sealed class ReportedLag(LoadPlan plan, AggregateWatch watch)
{
    private readonly ConcurrentQueue<double> lags = new();
    private readonly Counts[] said = new Counts[plan.Probes];

    /// <summary>What was measured, in milliseconds.</summary>
    public double[] Lags => [.. lags];

    /// <summary>What was measured until now is not counted.</summary>
    public void Restart() => lags.Clear();

    /// <summary>A probe's agent is about to put a report.</summary>
    public void Reporting(int probe, ReadOnlySpan<byte> report)
    {
        if (JsonSerializer.Deserialize(report, ContractsJson.Bus.DeviceReport) is not { Deployments: [var only] })
        {
            return;
        }

        var counts = only.Phase switch
        {
            Phase.Running => new Counts(1, 1, 0, 0, 0),
            Phase.Failed => new Counts(1, 0, 1, 0, 0),
            _ => new Counts(1, 0, 0, 1, 0),
        };
        if (said[probe] != counts)
        {
            said[probe] = counts;
            _ = MeasureAsync(watch.WhenAsync(plan.DeploymentOfProbe(probe), counts), Stopwatch.GetTimestamp());
        }
    }

    private async Task MeasureAsync(Task seen, long began)
    {
        await seen;
        lags.Enqueue(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }
}
