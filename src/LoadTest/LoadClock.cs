using System.Diagnostics;
using Harmony.Fleet.Deploy.LoadTests;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.LoadTest.Fleets;
using Harmony.Fleet.LoadTest.Measuring;
using Harmony.Fleet.LoadTest.Plans;

namespace Harmony.Fleet.LoadTest;

/// <summary>Measures a fleet under load, from its making until it is asked for the result.</summary>
internal sealed class LoadClock
{
    private readonly ProcessMeter control;
    private readonly ProcessMeter nats;
    private readonly ProcessMeter own = new(Environment.ProcessId);
    private readonly string before;
    private readonly Func<long> writes;
    private readonly long writesBefore;
    private readonly long began = Stopwatch.GetTimestamp();
    private long ended;
    private long written;

    private LoadClock(LoadedFleet fleet, string before, Func<long> writes)
    {
        (control, nats) = (new ProcessMeter(fleet.Operator), new ProcessMeter(fleet.Nats));
        (this.before, this.writes, writesBefore) = (before, writes, writes());
    }

    /// <summary>Begins to measure.</summary>
    /// <param name="fleet">What is under load.</param>
    /// <param name="api">Its API.</param>
    /// <param name="writes">Counts reports that were stored.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<LoadClock> StartAsync(LoadedFleet fleet, FleetApi api, Func<long> writes, CancellationToken cancellationToken) =>
        new(fleet, await api.MetricsAsync(cancellationToken) ?? string.Empty, writes);

    /// <summary>Looks at the processes, and tells how it goes on, until it is cancelled.</summary>
    public async Task LookAsync(IProgress<DeployNews> progress, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            control.Look();
            nats.Look();
            progress.Report(new DeployNews(DeployNewsKind.Begun, "load", $"{writes() - writesBefore:N0} reports"));
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The load is over: what comes now is convergence.</summary>
    /// <returns>Reports a second.</returns>
    public double End()
    {
        (ended, written) = (Stopwatch.GetTimestamp(), writes() - writesBefore);
        return written / Stopwatch.GetElapsedTime(began, ended).TotalSeconds;
    }

    /// <summary>All is as it should be, or never will be.</summary>
    public async Task<LoadTestResult> ResultAsync(LoadTestWish wish, LoadPlan plan, FleetApi api, long errors, int wrong, double[] lags, TimeSpan setUp, CancellationToken cancellationToken)
    {
        var converged = Stopwatch.GetElapsedTime(ended);
        var metrics = await api.MetricsAsync(cancellationToken);
        return new LoadTestResult
        {
            Devices = plan.Devices,
            Deployments = plan.Deployments,
            Pairs = plan.Pairs,
            Agents = wish.Agents,
            Writes = written,
            WritesPerSecond = Math.Round(written / Stopwatch.GetElapsedTime(began, ended).TotalSeconds, 1),
            Errors = errors,
            WrongAggregates = wrong,
            LagP50Ms = Math.Round(Percentile.Of(lags, 0.5), 1),
            LagP99Ms = Math.Round(Percentile.Of(lags, 0.99), 1),
            LagSamples = lags.Length,
            ConvergenceSeconds = Math.Round(converged.TotalSeconds, 3),
            SetupSeconds = Math.Round(setUp.TotalSeconds, 1),
            OperatorRssMiB = Math.Round(control.MostMiB, 1),
            OperatorCpuSeconds = Math.Round(control.Cpu, 2),
            NatsRssMiB = Math.Round(nats.MostMiB, 1),
            NatsCpuSeconds = Math.Round(nats.Cpu, 2),
            WriterCpuSeconds = Math.Round(own.Cpu, 2),
            TurnP99Ms = Milliseconds(metrics, "fleet_loop_turn_duration_seconds"),
            ReportLagP99Ms = Milliseconds(metrics, "fleet_report_lag_seconds"),
        };
    }

    private double? Milliseconds(string? metrics, string name) =>
        metrics is not null && Percentile.OfHistogram(before, metrics, name, 0.99) is { } seconds && double.IsFinite(seconds) ? Math.Round(seconds * 1000, 2) : null;
}
