using System.Threading.Channels;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Operator.Readiness;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Informers;

/// <summary>
/// All that is in a bucket, and what comes; and all of it again from time to time, because a watch is a hint. What is then as it was read before is neither verified nor parsed
/// again, but for heartbeats.
/// </summary>
internal sealed partial class BucketInformer(
    IBus bus, WatchedBucket bucket, DocumentReader reader, DocumentIntake? intake, ChannelWriter<FleetEvent> events, ControlOptions options, TimeProvider time, Random random, ILogger logger)
{
    /// <summary>How many documents are verified and parsed beside each other, or wait in their order for those before them.</summary>
    private const int MostAhead = 64;

    private readonly BackOffSequence failures = new(options.BackOff, random);

    private readonly UnexpectedFailures unexpected = new($"the watch of the bucket {NameOf(bucket)}", time, logger);

    private readonly ResyncRequest resyncs = new();

    private readonly SeenDocuments? seen = bucket == WatchedBucket.DeviceHeartbeat ? null : new();

    /// <summary>The bucket's name.</summary>
    public string Name => NameOf(bucket);

    /// <summary>A bucket's name.</summary>
    public static string NameOf(WatchedBucket bucket) => bucket switch
    {
        WatchedBucket.DesiredState => BucketNames.DesiredState,
        WatchedBucket.DeviceInfo => BucketNames.DeviceInfo,
        WatchedBucket.DeviceState => BucketNames.DeviceState,
        WatchedBucket.DeviceHeartbeat => BucketNames.DeviceHeartbeat,
        _ => throw new InvalidOperationException($"The bucket {bucket} is not known."),
    };

    /// <summary>What the bucket holds for <paramref name="device"/> is told again when all is read the next time, also where it is the same.</summary>
    public void ReadAgain(DeviceId device) => seen?.Forget(device.Value);

    /// <summary>All that the bucket holds is read again at once; or as soon as it was read that is being read for the first time.</summary>
    public void ReadAll() => resyncs.Ask();

    /// <summary>Tells of it until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryAsync(cancellationToken))
            {
                failures.Reset();
                unexpected.Passed();
                await events.WriteAsync(new FleetEvent.ResyncBegan(bucket), cancellationToken);
            }
            else
            {
                seen?.Clear();
                await events.WriteAsync(new FleetEvent.WatchRestarted(bucket, "the watch ended"), cancellationToken);
                await Task.Delay(failures.Next(), time, cancellationToken);
            }
        }
    }

    /// <summary>Watches; whatever is thrown ends this watch alone.</summary>
    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await WatchAsync(cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            unexpected.Tell(error);
            return false;
        }
    }

    /// <summary>Watches until it is time to look at everything again: between half and all of the interval, so that not all buckets are read at once; or when that is asked for.</summary>
    /// <returns>Whether it caught up, and nothing is wrong: it was time.</returns>
    private async Task<bool> WatchAsync(CancellationToken cancellationToken)
    {
        using var resync = new CancellationTokenSource(options.ResyncInterval * (0.5 + (random.NextDouble() / 2)), time);
        var read = Channel.CreateBounded<Task<FleetEvent?>>(MostAhead);
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(resync.Token, broken.Token);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(either.Token);
        intake?.Begin();
        var telling = OrBreakAsync(TellAsync(read.Reader, resync, cancellationToken), broken);
        var late = OrBreakAsync(ReadHeldAsync(read.Writer, broken.Token, ending.Token), broken);
        try
        {
            var isTime = await ReadAsync(read.Writer, either.Token, broken.Token);
            await ending.CancelAsync();
            await late;
            read.Writer.Complete();
            return await telling && isTime;
        }
        finally
        {
            await ending.CancelAsync();
            await ((Task)late).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            read.Writer.TryComplete();
            await ((Task)telling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // What it tells later would be taken for the next watch's.
            resyncs.CaughtUp(null);
        }
    }

    /// <summary>What is thrown beside the watch ends the watch: it would bring what nobody tells, until it is time to look at all again.</summary>
    private static async Task<T> OrBreakAsync<T>(Task<T> beside, CancellationTokenSource broken)
    {
        try
        {
            return await beside;
        }
        catch (Exception)
        {
            await broken.CancelAsync();
            throw;
        }
    }

    private async Task<bool> ReadHeldAsync(ChannelWriter<Task<FleetEvent?>> read, CancellationToken broken, CancellationToken isOver)
    {
        await (intake?.ReadHeldAsync(entry => BeginAsync(read, new BucketEvent.Changed(entry), broken), isOver) ?? Task.CompletedTask);
        return true;
    }

    /// <summary>Begins to read what the watch brings, as far as what comes of it is taken. What it brought is not left out because it is time, as it counts as seen: it is when nobody takes it any more.</summary>
    /// <returns>Whether nothing is wrong: it was time.</returns>
    private async Task<bool> ReadAsync(ChannelWriter<Task<FleetEvent?>> read, CancellationToken isTime, CancellationToken broken)
    {
        try
        {
            await foreach (var happened in bus.Bucket(Name).WatchAsync(">", isTime))
            {
                if (intake?.Takes(happened) != false)
                {
                    await BeginAsync(read, happened, broken);
                }
            }
        }
        catch (OperationCanceledException) when (isTime.IsCancellationRequested)
        {
            return !broken.IsCancellationRequested;
        }
        catch (IOException error)
        {
            LogWatchFailed(logger, Name, error);
        }
        catch (Exception error) when (!broken.IsCancellationRequested)
        {
            unexpected.Tell(error);
        }

        return false;
    }

    private ValueTask BeginAsync(ChannelWriter<Task<FleetEvent?>> read, BucketEvent happened, CancellationToken cancellationToken)
    {
        switch (happened)
        {
            case BucketEvent.Changed { Value: var entry } when seen?.IsKnown(entry) == true && DeviceId.TryParse(entry.Key, out var device):
                return bucket != WatchedBucket.DesiredState ? default
                    : read.WriteAsync(Task.FromResult<FleetEvent?>(new FleetEvent.ManifestUnchanged(device)), cancellationToken);
            case BucketEvent.Changed:
                return read.WriteAsync(Task.Run(() => Read(happened), CancellationToken.None), cancellationToken);
            case BucketEvent.Restarted:
                seen?.Clear();
                break;
        }

        return read.WriteAsync(Task.FromResult(Read(happened)), cancellationToken);
    }

    /// <summary>Tells what was read, in the order in which it came.</summary>
    /// <returns>Whether the watch has caught up.</returns>
    private async Task<bool> TellAsync(ChannelReader<Task<FleetEvent?>> read, CancellationTokenSource resync, CancellationToken cancellationToken)
    {
        var isCaughtUp = false;
        await foreach (var reading in read.ReadAllAsync(cancellationToken))
        {
            if (await reading is { } told)
            {
                if (told is FleetEvent.WatchRestarted)
                {
                    isCaughtUp = false;
                    resyncs.CaughtUp(null);
                }

                await events.WriteAsync(told, cancellationToken);
                if (told is FleetEvent.WatchCaughtUp)
                {
                    isCaughtUp = true;
                    resyncs.CaughtUp(resync);
                }
            }
        }

        return isCaughtUp;
    }

    private FleetEvent? Read(BucketEvent happened) => happened switch
    {
        BucketEvent.Restarted restarted => new FleetEvent.WatchRestarted(bucket, restarted.Reason),
        BucketEvent.CaughtUp => new FleetEvent.WatchCaughtUp(bucket),
        BucketEvent.Changed { Value: var entry } => Read(entry),
        _ => null,
    };

    private FleetEvent? Read(BucketEntry entry)
    {
        var read = reader.Read(bucket, entry);
        if (read is null)
        {
            seen?.Forget(entry.Key); // It may be found right later, and until then it is refused each time.
        }

        return read;
    }
}
