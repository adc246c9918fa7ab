using System.Collections.Immutable;
using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Agent.Manifests;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Scores;

/// <summary>Fetches the scores that the manifest names and that are not at hand, until all are here, and kept.</summary>
internal sealed partial class ScoreFetcher(
    AgentOptions options, IBus bus, ManifestStore manifests, ScoreCache scores, AgentSignals signals, Jitter jitter, TimeProvider time, ILogger<ScoreFetcher> logger) : BackgroundService
{
    private const int Parallel = 8;

    /// <summary>Longer than this no score is waited for that the operator may have put back meanwhile.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    private readonly LogThrottle complaints = new(TimeSpan.FromHours(1));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; ; )
        {
            var wanted = bus.Link.IsUp ? scores.Wanted(manifests.Status.Manifest?.Entries ?? []) : [];
            var isFetched = await FetchAsync(wanted, stoppingToken);
            failures = await scores.KeepAsync(stoppingToken) && isFetched ? 0 : failures + 1;
            var wait = failures == 0 ? MaxWait : TimeSpan.FromTicks(Math.Min(MaxWait.Ticks, options.BackOff.After(failures, jitter.Fraction()).Ticks));
            await signals.Scores.WaitAsync(wait, stoppingToken);
        }
    }

    private async Task<bool> FetchAsync(ImmutableArray<ManifestEntry> wanted, CancellationToken cancellationToken)
    {
        if (wanted.IsEmpty)
        {
            return true;
        }

        var changes = 0;
        var bucket = bus.Bucket(BucketNames.Scores);
        await System.Threading.Tasks.Parallel.ForEachAsync(
            wanted,
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (entry, token) => Interlocked.Add(ref changes, await FetchAsync(bucket, entry, token) ? 1 : 0));
        if (changes > 0)
        {
            signals.Reconcile.Set();
            signals.Report.Set();
        }

        return scores.Wanted(wanted).IsEmpty;
    }

    private async Task<bool> FetchAsync(IBucket bucket, ManifestEntry entry, CancellationToken cancellationToken)
    {
        switch (await bucket.GetAsync(entry.Address.Value, cancellationToken))
        {
            case GetOutcome.Found found when await scores.TakeAsync(entry, found.Entry.Value, cancellationToken) is not ScoreState.Missing:
                return true;
            case GetOutcome.Found:
                Complain(entry.Address, "what is stored there is something else");
                return true;
            case GetOutcome.Unavailable unavailable:
                return scores.Note(entry, new ScoreState.Awaited($"The score is not here yet: {unavailable.Reason}"));
            default:
                Complain(entry.Address, "there is nothing at its address");
                return scores.Note(entry, new ScoreState.Missing($"The score {entry.ScoreDigest.Short} is not to be had: the bus has nothing at {entry.Address.Short}."));
        }
    }

    private void Complain(Digest address, string reason)
    {
        if (complaints.Admits($"{address.Short} {reason}", time.GetElapsedTime(0)))
        {
            LogMissing(address.Short, reason);
        }
    }
}
