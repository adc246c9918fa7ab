using System.Diagnostics;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Deploy.LoadTests;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.LoadTest.Fleets;
using Harmony.Fleet.LoadTest.Measuring;
using Harmony.Fleet.LoadTest.Plans;
using Harmony.Fleet.LoadTest.Watching;
using Harmony.Fleet.LoadTest.Writing;

namespace Harmony.Fleet.LoadTest;

/// <summary>Reports alone, as agents write them: sets the fleet up, writes, and compares every aggregate with what was last written.</summary>
internal sealed class LoadTestRun(LoadTestWish wish, LoadedFleet fleet, IProgress<DeployNews> progress, TimeProvider time)
{
    private const int Appliers = 16;
    private static readonly TimeSpan ConvergenceLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly LoadPlan plan = new(wish.Devices, wish.Deployments);

    /// <summary>Runs it.</summary>
    public async Task<LoadTestResult> RunAsync(CancellationToken cancellationToken)
    {
        using var api = new FleetApi(fleet);
        var setUp = Stopwatch.GetTimestamp();
        var documents = new DocumentWriter(plan, await ApplyAsync(api, cancellationToken), fleet.Master, time);
        await using var buckets = await DeviceBuckets.OpenAsync(fleet, documents, cancellationToken);
        var (expected, watch) = (new Expectation(plan), new AggregateWatch(plan, api));
        var writer = new LoadWriter(plan, expected, buckets);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var beside = new List<Task> { watch.RunAsync(ending.Token) };
        try
        {
            await StepAsync("devices", $"{plan.Devices:N0}", told => writer.ForAllAsync(buckets.PutInfoAsync, told, cancellationToken));
            beside.Add(writer.BeatAsync(ending.Token));
            await StepAsync("first reports", $"{plan.Pairs:N0} pairs", async told =>
            {
                await writer.ForAllAsync(writer.FirstReportAsync, told, cancellationToken);
                await ConvergeAsync(expected, watch, cancellationToken);
            });
            var setupSeconds = Math.Round(Stopwatch.GetElapsedTime(setUp).TotalSeconds, 1);
            return await LoadAsync(api, buckets, writer, expected, watch, cancellationToken) with { SetupSeconds = setupSeconds };
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(beside).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (wish.DataFolder is not null)
            {
                await ClearAsync(api, writer, buckets);
            }
        }
    }

    private async Task<LoadTestResult> LoadAsync(
        FleetApi api, DeviceBuckets buckets, LoadWriter writer, Expectation expected, AggregateWatch watch, CancellationToken cancellationToken)
    {
        var (control, nats, own) = (new ProcessMeter(fleet.Operator), new ProcessMeter(fleet.Nats), new ProcessMeter(Environment.ProcessId));
        var probe = new LagProbe(plan, expected, buckets, watch);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (before, errorsBefore) = (buckets.Reports, buckets.Errors);
        progress.Report(DeployNews.Begun("load"));
        var beside = Task.WhenAll(probe.RunAsync(over.Token), LookAsync([control, nats], buckets, over.Token));
        var took = await writer.WriteAsync(wish.Rate, TimeSpan.FromSeconds(wish.DurationSeconds), cancellationToken);
        var ended = Stopwatch.GetTimestamp();
        var writes = buckets.Reports - before;
        await over.CancelAsync();
        await beside.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        progress.Report(DeployNews.Done("load", $"{writes / took.TotalSeconds:N0} writes/s"));

        progress.Report(DeployNews.Begun("convergence"));
        await ConvergeAsync(expected, watch, cancellationToken);
        var converged = Stopwatch.GetElapsedTime(ended);
        var wrong = expected.Wrong(await api.ListAsync(cancellationToken));
        wrong.UnionWith(watch.Incoherent);
        progress.Report(wrong.Count == 0 ? DeployNews.Done("convergence", "every aggregate is right") : DeployNews.Failed("convergence", $"{wrong.Count} aggregates are wrong"));
        var metrics = await api.MetricsAsync(cancellationToken);
        return new LoadTestResult
        {
            Devices = plan.Devices,
            Deployments = plan.Deployments,
            Pairs = plan.Pairs,
            Agents = wish.Agents,
            Writes = writes,
            WritesPerSecond = Math.Round(writes / took.TotalSeconds, 1),
            Errors = buckets.Errors - errorsBefore,
            WrongAggregates = wrong.Count,
            LagP50Ms = Math.Round(Percentile.Of(probe.Lags, 0.5), 1),
            LagP99Ms = Math.Round(Percentile.Of(probe.Lags, 0.99), 1),
            LagSamples = probe.Lags.Length,
            ConvergenceSeconds = Math.Round(converged.TotalSeconds, 3),
            SetupSeconds = 0,
            OperatorRssMiB = Math.Round(control.MostMiB, 1),
            OperatorCpuSeconds = Math.Round(control.Cpu, 2),
            NatsRssMiB = Math.Round(nats.MostMiB, 1),
            NatsCpuSeconds = Math.Round(nats.Cpu, 2),
            WriterCpuSeconds = Math.Round(own.Cpu, 2),
            TurnP99Ms = Milliseconds(metrics, "fleet_loop_turn_duration_seconds"),
            ReportLagP99Ms = Milliseconds(metrics, "fleet_report_lag_seconds"),
        };
    }

    private async Task<(string Uid, Digest ScoreDigest)[]> ApplyAsync(FleetApi api, CancellationToken cancellationToken)
    {
        var identities = new (string Uid, Digest ScoreDigest)[plan.Deployments];
        await StepAsync("deployments", $"{plan.Deployments:N0}", async told =>
        {
            var done = 0;
            await Parallel.ForAsync(0, plan.Deployments, new ParallelOptions { MaxDegreeOfParallelism = Appliers, CancellationToken = cancellationToken }, async (number, token) =>
            {
                var stored = await api.PutAsync(plan.Deployment(number), token);
                identities[number] = (stored.Metadata.Uid!, ScoreSealer.Seal(fleet.Master, CanonicalScore.ToBytes(stored.Spec.Score)).ScoreDigest);
                told(Interlocked.Increment(ref done));
            });
        });
        return identities;
    }

    private async Task StepAsync(string part, string text, Func<Action<int>, Task> work)
    {
        progress.Report(DeployNews.Begun(part));
        var told = 0;
        await work(done =>
        {
            if (done - Volatile.Read(ref told) >= 10_000)
            {
                Volatile.Write(ref told, done);
                progress.Report(new DeployNews(DeployNewsKind.Begun, part, $"{done:N0}"));
            }
        });
        progress.Report(DeployNews.Done(part, text));
    }

    private async Task LookAsync(ProcessMeter[] meters, DeviceBuckets buckets, CancellationToken cancellationToken)
    {
        var before = buckets.Reports;
        while (!cancellationToken.IsCancellationRequested)
        {
            Array.ForEach(meters, meter => meter.Look());
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            progress.Report(new DeployNews(DeployNewsKind.Begun, "load", $"{buckets.Reports - before:N0} writes, {buckets.Errors:N0} errors"));
        }
    }

    private static async Task ConvergeAsync(Expectation expected, AggregateWatch watch, CancellationToken cancellationToken)
    {
        var (began, wanted) = (Stopwatch.GetTimestamp(), expected.Aggregates());
        while (watch.CountOthers(wanted) > 0 && Stopwatch.GetElapsedTime(began) < ConvergenceLimit)
        {
            await Task.Delay(Poll, cancellationToken);
        }
    }

    /// <summary>A fleet that goes on is left as it was.</summary>
    private async Task ClearAsync(FleetApi api, LoadWriter writer, DeviceBuckets buckets)
    {
        await StepAsync("clearing up", string.Empty, async told =>
        {
            for (var number = 0; number < plan.Deployments; number++)
            {
                await api.DeleteDeploymentAsync(LoadPlan.Name(number), CancellationToken.None);
            }

            await writer.ForAllAsync(buckets.RemoveAsync, told, CancellationToken.None);
            await writer.ForAllAsync((device, token) => api.DeleteDeviceAsync(LoadPlan.Device(device), token), told, CancellationToken.None);
        });
    }

    private static double? Milliseconds(string? metrics, string name) =>
        metrics is not null && Percentile.OfHistogram(metrics, name, 0.99) is { } seconds && double.IsFinite(seconds) ? Math.Round(seconds * 1000, 2) : null;
}
