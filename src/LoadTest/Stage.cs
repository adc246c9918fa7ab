using System.Diagnostics;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.LoadTest.Fleets;
using Harmony.Fleet.LoadTest.Plans;
using Harmony.Fleet.LoadTest.Watching;

namespace Harmony.Fleet.LoadTest;

/// <summary>What every load test does: applies the Deployments, tells of its steps, and waits for what should be.</summary>
internal sealed class Stage(LoadPlan plan, LoadedFleet fleet, FleetApi api, IProgress<DeployNews> progress)
{
    private const int Appliers = 16;
    private const int ToldAfter = 10_000;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Told how it goes on.</summary>
    public IProgress<DeployNews> Progress => progress;

    /// <summary>Applies all Deployments.</summary>
    /// <returns>What each is known by in reports, by number.</returns>
    public async Task<(string Uid, Digest ScoreDigest)[]> ApplyAsync(CancellationToken cancellationToken)
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

    /// <summary>Does a step, which tells how much of it is done.</summary>
    public async Task StepAsync(string part, string text, Func<Action<int>, Task> work)
    {
        progress.Report(DeployNews.Begun(part));
        var told = 0;
        await work(done =>
        {
            if (done - Volatile.Read(ref told) >= ToldAfter)
            {
                Volatile.Write(ref told, done);
                progress.Report(new DeployNews(DeployNewsKind.Begun, part, $"{done:N0}"));
            }
        });
        progress.Report(DeployNews.Done(part, text));
    }

    /// <summary>Waits until every aggregate is seen as it should be.</summary>
    public static Task ConvergeAsync(Expectation expected, AggregateWatch watch, CancellationToken cancellationToken)
    {
        var wanted = expected.Aggregates();
        return UntilAsync(() => watch.CountOthers(wanted) == 0, cancellationToken);
    }

    /// <summary>Waits, but not for ever: what has not come by then is told as it is.</summary>
    public static async Task UntilAsync(Func<bool> holds, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (!holds() && Stopwatch.GetElapsedTime(began) < Limit)
        {
            await Task.Delay(Poll, cancellationToken);
        }
    }

    /// <summary>Compares every aggregate, as the store has it and as it was ever seen, with what was last written.</summary>
    /// <returns>How many are wrong.</returns>
    public async Task<int> CountWrongAsync(Expectation expected, AggregateWatch watch, CancellationToken cancellationToken)
    {
        progress.Report(DeployNews.Begun("convergence"));
        await ConvergeAsync(expected, watch, cancellationToken);
        var wrong = expected.Wrong(await api.ListAsync(cancellationToken));
        wrong.UnionWith(watch.Incoherent);
        progress.Report(wrong.Count == 0 ? DeployNews.Done("convergence", "every aggregate is right") : DeployNews.Failed("convergence", $"{wrong.Count} aggregates are wrong"));
        return wrong.Count;
    }
}
