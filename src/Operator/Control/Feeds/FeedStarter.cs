using System.Collections.Immutable;
using System.Threading.Channels;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Operator.Control.Work;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Control.Feeds;

/// <summary>Begins the feeds: the resources and the link at once, the buckets when they are there.</summary>
internal sealed class FeedStarter(
    IResourceStore store, IBus bus, AnswerCount answers, ControlOptions options, TimeProvider time, LoopRandom random, ILoggerFactory loggers)
{
    private static readonly ImmutableArray<string> Buckets =
        [BucketNames.DesiredState, BucketNames.DeviceInfo, BucketNames.DeviceState, BucketNames.DeviceHeartbeat];

    private readonly TaskCompletionSource bucketsAreThere = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The buckets are there: their feeds may begin.</summary>
    public void OpenBuckets() => bucketsAreThere.TrySetResult();

    /// <summary>Begins all feeds.</summary>
    /// <returns>Ends when the first of them does, which it should only when cancelled.</returns>
    public Task Start(ChannelWriter<ControlEvent> events, CancellationToken cancellationToken)
    {
        var deployments = new ResourceFeed<Deployment>(
            store, ResourceTypes.Deployments, answers, events, options, time, Fork(), loggers.CreateLogger("Harmony.Fleet.Operator.Control.Feeds.Deployments"));
        var devices = new ResourceFeed<Device>(
            store, ResourceTypes.Devices, answers, events, options, time, Fork(), loggers.CreateLogger("Harmony.Fleet.Operator.Control.Feeds.Devices"));
        var buckets = Buckets.Select(bucket => new BucketFeed(
            bus, bucket, events, options, time, Fork(), loggers.CreateLogger("Harmony.Fleet.Operator.Control.Feeds.Buckets")));
        IEnumerable<Func<CancellationToken, Task>> feeds =
            [token => LinkAsync(events, token), deployments.RunAsync, devices.RunAsync, .. buckets.Select(feed => AfterOpening(feed.RunAsync))];
        return Task.WhenAny(feeds.Select(feed => Task.Run(() => feed(cancellationToken), cancellationToken)).ToArray()).Unwrap();
    }

    private Func<CancellationToken, Task> AfterOpening(Func<CancellationToken, Task> feed) => async cancellationToken =>
    {
        await bucketsAreThere.Task.WaitAsync(cancellationToken);
        await feed(cancellationToken);
    };

    private async Task LinkAsync(ChannelWriter<ControlEvent> events, CancellationToken cancellationToken)
    {
        await foreach (var link in bus.LinkChangesAsync(cancellationToken))
        {
            await events.WriteAsync(new ControlEvent.LinkChanged(link), cancellationToken);
        }
    }

    // Each feed runs on its own thread, and a Random serves one.
    private Random Fork() => new(random.Next());
}
