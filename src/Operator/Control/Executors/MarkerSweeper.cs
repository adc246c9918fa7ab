using System.Collections.Immutable;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Executors;

/// <summary>
/// Removes the delete markers that deleted keys leave in the buckets, whoever deleted them: each would come with every watch for good. It keeps no state, and ends where it ends: what is left
/// is found the next time.
/// </summary>
internal sealed partial class MarkerSweeper(
    IBus bus, IBusAdmin admin, BucketPlan plan, ControlOptions options, RandomSource random, TimeProvider time, ILogger<MarkerSweeper> logger) : BackgroundService
{
    private readonly HashSet<string> told = new(StringComparer.Ordinal);

    /// <summary>Looks at all buckets once.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var name in plan.Buckets.Select(settings => settings.Name).TakeWhile(_ => bus.Link.IsUp))
        {
            try
            {
                await SweepAsync(name, cancellationToken);
            }
            catch (IOException away)
            {
                LogUnavailable(logger, name, away.Message);
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                // What is not swept is no reason to end: whatever lies in one bucket, all else goes on.
                LogFailed(logger, name, error);
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var jitter = random.Next();
        while (true)
        {
            await Task.Delay(options.MarkerInterval * (0.5 + (jitter.NextDouble() / 2)), time, stoppingToken);
            await SweepAsync(stoppingToken);
        }
    }

    private async Task SweepAsync(string bucket, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() - options.MarkerGrace;
        var old = ImmutableArray.CreateBuilder<BucketEntry>();
        await foreach (var marker in bus.Bucket(bucket).MarkersAsync(cancellationToken))
        {
            // What somebody else wrote on the bus may have any name; it would be a pattern, or none, to the bus.
            if (!KeyRules.IsKey(marker.Key))
            {
                Tell(bucket, marker.Key);
            }
            else if (marker.Created <= until)
            {
                old.Add(marker);
            }
        }

        if (old.Count == 0)
        {
            return;
        }

        switch (await admin.PurgeMarkersAsync(bucket, old.ToImmutable(), cancellationToken))
        {
            case PurgeMarkersOutcome.Purged { Count: > 0 and var count }:
                LogSwept(logger, bucket, count);
                break;
            case PurgeMarkersOutcome.Unavailable away:
                LogUnavailable(logger, bucket, away.Reason);
                break;
        }
    }

    /// <summary>Says so once of a bucket: it stays so until somebody removes it by hand.</summary>
    private void Tell(string bucket, string key)
    {
        if (told.Add(bucket))
        {
            LogForeign(logger, bucket, key);
        }
    }
}
