using System.Threading.Channels;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Feeds;

/// <summary>All that is in a bucket, and what comes.</summary>
internal sealed partial class BucketFeed(
    IBus bus, string bucket, ChannelWriter<ControlEvent> events, ControlOptions options, TimeProvider time, Random random, ILogger logger)
{
    /// <summary>Feeds until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var failures = 0; ;)
        {
            if (await WatchAsync(cancellationToken))
            {
                failures = 0;
            }
            else
            {
                await Task.Delay(options.BackOff.After(++failures, random.NextDouble()), time, cancellationToken);
            }

            await events.WriteAsync(new ControlEvent.InBucket(bucket, new BucketEvent.Restarted("it is time, or the watch ended")), cancellationToken);
        }
    }

    /// <summary>Watches until it is time to look at everything again: between half and all of the interval, so that not all buckets are read at once.</summary>
    /// <returns>Whether it caught up.</returns>
    private async Task<bool> WatchAsync(CancellationToken cancellationToken)
    {
        var caughtUp = false;
        using var rewatch = new CancellationTokenSource(options.ResyncInterval * (0.5 + (random.NextDouble() / 2)), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(rewatch.Token, cancellationToken);
        try
        {
            await foreach (var happened in bus.Bucket(bucket).WatchAsync(">", either.Token))
            {
                caughtUp |= happened is BucketEvent.CaughtUp;
                await events.WriteAsync(new ControlEvent.InBucket(bucket, happened), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return true;
        }
        catch (IOException error)
        {
            LogWatchFailed(logger, bucket, error);
        }

        return caughtUp;
    }
}
