using System.Diagnostics;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Deploy.LoadTests;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.LoadTest.Agents;
using Harmony.Fleet.LoadTest.Fleets;
using Harmony.Fleet.LoadTest.Plans;
using Harmony.Fleet.LoadTest.Watching;

namespace Harmony.Fleet.LoadTest;

/// <summary>Real agents, whose containers end by themselves at a rate; at the end all run again, and every aggregate says so.</summary>
internal sealed class RealRun(LoadTestWish wish, OwnFleet fleet, IProgress<DeployNews> progress, TimeProvider time)
{
    private const int Starters = 32;
    private readonly LoadPlan plan = new(wish.Devices, wish.Deployments);

    /// <summary>The devices that must be able to log in.</summary>
    public static IEnumerable<Contracts.Names.DeviceId> Devices(LoadTestWish wish) => Enumerable.Range(0, wish.Devices).Select(LoadPlan.Device);

    /// <summary>Runs it.</summary>
    public async Task<LoadTestResult> RunAsync(CancellationToken cancellationToken)
    {
        using var api = new FleetApi(fleet.Reached);
        var (stage, setUp) = (new Stage(plan, fleet.Reached, api, progress), Stopwatch.GetTimestamp());
        await stage.ApplyAsync(cancellationToken);
        await using var bus = await fleet.Reached.ConnectAsync("load-test", cancellationToken);
        var (expected, watch, reports) = (new Expectation(plan), new AggregateWatch(plan, api), new ReportCount());
        Enumerable.Range(0, plan.Devices).ToList().ForEach(device => expected.Of(device).AsSpan().Fill(Phase.Running));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] beside = [watch.RunAsync(ending.Token), reports.RunAsync(bus, ending.Token)];
        var (puts, lag) = (new PutCount(), new ReportedLag(plan, watch));
        RealAgent[] agents = [.. Enumerable.Range(0, plan.Devices).Select(device =>
            new RealAgent(plan, device, fleet, puts, device < plan.Probes ? report => lag.Reporting(device, report.Span) : null, time))];
        try
        {
            await stage.StepAsync("agents", $"{plan.Devices:N0}, with {plan.Pairs:N0} containers", async told =>
            {
                var done = 0;
                await Parallel.ForEachAsync(agents, new ParallelOptions { MaxDegreeOfParallelism = Starters, CancellationToken = cancellationToken }, async (agent, token) =>
                {
                    await agent.StartAsync(token);
                    told(Interlocked.Increment(ref done));
                });
                await Stage.ConvergeAsync(expected, watch, cancellationToken);
            });
            return await LoadAsync(api, stage, agents, new Measured(expected, watch, reports, puts, lag), Stopwatch.GetElapsedTime(setUp), cancellationToken);
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(beside).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Parallel.ForEachAsync(agents, CancellationToken.None, async (agent, _) => await agent.DisposeAsync());
        }
    }

    private async Task<LoadTestResult> LoadAsync(
        FleetApi api, Stage stage, RealAgent[] agents, Measured measured, TimeSpan setUp, CancellationToken cancellationToken)
    {
        var errors = measured.Puts.Errors;
        measured.Lag.Restart();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        progress.Report(DeployNews.Begun("load"));
        var clock = await LoadClock.StartAsync(fleet.Reached, api, () => measured.Reports.Count, cancellationToken);
        var looking = clock.LookAsync(progress, over.Token);
        var probing = Task.WhenAll(Enumerable.Range(0, plan.Probes).Select(probe => ProbeAsync(agents[probe], new Random(probe), over.Token)));
        await EndContainersAsync(agents, cancellationToken);
        var rate = clock.End();
        await over.CancelAsync();
        await Task.WhenAll(looking, probing);
        progress.Report(DeployNews.Done("load", $"{rate:N0} reports/s"));
        var wrong = await stage.CountWrongAsync(measured.Expected, measured.Watch, cancellationToken);
        return await clock.ResultAsync(wish, plan, api, measured.Puts.Errors - errors, wrong, measured.Lag.Lags, setUp, cancellationToken);
    }

    private async Task EndContainersAsync(RealAgent[] agents, CancellationToken cancellationToken)
    {
        var (random, began) = (new Random(1), Stopwatch.GetTimestamp());
        for (var number = 0; (double)number / wish.Rate < wish.DurationSeconds; number++)
        {
            agents[random.Next(agents.Length)].Runtime.EndOne(random);
            if (TimeSpan.FromSeconds((double)number / wish.Rate) - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } early)
            {
                await Task.Delay(early, cancellationToken);
            }
        }
    }

    /// <summary>A probe's container ends now and then, so that its agent has something to report.</summary>
    private static async Task ProbeAsync(RealAgent agent, Random random, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            agent.Runtime.EndOne(random);
            await Task.Delay(random.Next(2_000), over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What is measured, and against what.</summary>
    private sealed record Measured(Expectation Expected, AggregateWatch Watch, ReportCount Reports, PutCount Puts, ReportedLag Lag);
}
