using System.Diagnostics;
using Harmony.Fleet.Deploy.LoadTests;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.LoadTest.Fleets;
using Harmony.Fleet.LoadTest.Plans;
using Harmony.Fleet.LoadTest.Watching;
using Harmony.Fleet.LoadTest.Writing;

namespace Harmony.Fleet.LoadTest;

/// <summary>Reports alone, as agents write them: sets the fleet up, writes, and compares every aggregate with what was last written.</summary>
internal sealed class StatesRun(LoadTestWish wish, LoadedFleet fleet, IProgress<DeployNews> progress, TimeProvider time)
{
    private readonly LoadPlan plan = new(wish.Devices, wish.Deployments);

    /// <summary>Runs it.</summary>
    public async Task<LoadTestResult> RunAsync(CancellationToken cancellationToken)
    {
        using var api = new FleetApi(fleet);
        var (stage, setUp) = (new Stage(plan, fleet, api, progress), Stopwatch.GetTimestamp());
        var documents = new DocumentWriter(plan, await stage.ApplyAsync(cancellationToken), fleet.Master, time);
        await using var buckets = await DeviceBuckets.OpenAsync(fleet, documents, cancellationToken);
        var (expected, watch) = (new Expectation(plan), new AggregateWatch(plan, api));
        var writer = new LoadWriter(plan, expected, buckets);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var beside = new List<Task> { watch.RunAsync(ending.Token) };
        try
        {
            await stage.StepAsync("devices", $"{plan.Devices:N0}", told => writer.ForAllAsync(buckets.SayHelloAsync, told, cancellationToken));
            beside.Add(writer.BeatAsync(ending.Token));
            var manifests = new HeldManifests(plan, documents);
            beside.Add(manifests.RunAsync(buckets.Bus, ending.Token));
            await stage.StepAsync("manifests", $"{plan.Devices:N0}", _ => Stage.UntilAsync(() => manifests.Missing == 0, cancellationToken));
            await stage.StepAsync("first reports", $"{plan.Pairs:N0} pairs", async told =>
            {
                await writer.ForAllAsync(writer.FirstReportAsync, told, cancellationToken);
                await Stage.ConvergeAsync(expected, watch, cancellationToken);
            });
            return await LoadAsync(api, stage, buckets, writer, expected, watch, Stopwatch.GetElapsedTime(setUp), cancellationToken);
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(beside).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (wish.DataFolder is not null)
            {
                await ClearAsync(api, stage, writer, buckets);
            }
        }
    }

    private async Task<LoadTestResult> LoadAsync(
        FleetApi api, Stage stage, DeviceBuckets buckets, LoadWriter writer, Expectation expected, AggregateWatch watch, TimeSpan setUp, CancellationToken cancellationToken)
    {
        var probe = new LagProbe(plan, expected, buckets, watch);
        var errors = buckets.Errors;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        progress.Report(DeployNews.Begun("load"));
        var clock = await LoadClock.StartAsync(fleet, api, () => buckets.Reports, cancellationToken);
        var beside = Task.WhenAll(probe.RunAsync(over.Token), clock.LookAsync(progress, over.Token));
        await writer.WriteAsync(wish.Rate, TimeSpan.FromSeconds(wish.DurationSeconds), cancellationToken);
        var rate = clock.End();
        await over.CancelAsync();
        await beside.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        progress.Report(DeployNews.Done("load", $"{rate:N0} writes/s"));
        var wrong = await stage.CountWrongAsync(expected, watch, cancellationToken);
        return await clock.ResultAsync(wish, plan, api, buckets.Errors - errors, wrong, probe.Lags, setUp, cancellationToken);
    }

    /// <summary>A fleet that goes on is left as it was.</summary>
    private Task ClearAsync(FleetApi api, Stage stage, LoadWriter writer, DeviceBuckets buckets) => stage.StepAsync("clearing up", string.Empty, async told =>
    {
        await Parallel.ForAsync(0, plan.Deployments, async (number, token) => await api.DeleteDeploymentAsync(LoadPlan.Name(number), token));
        await writer.ForAllAsync((device, token) => api.DeleteDeviceAsync(LoadPlan.Device(device), token), told, CancellationToken.None);
        await writer.ForAllAsync(buckets.RemoveAsync, told, CancellationToken.None);
    });
}
