using System.Threading.Channels;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Hosting.Systemd;
using Harmony.Fleet.Operator.Control.Feeds;
using Harmony.Fleet.Operator.Control.Work;
using Harmony.Fleet.Ports.State;

namespace Harmony.Fleet.Operator.Control.Loop;

/// <summary>
/// The one owner of the operator's state: it takes what happened from a bounded channel, lets the pure model decide, and begins what is
/// to be done. Nothing else touches that state, and nothing here waits for the store or the bus.
/// </summary>
internal sealed partial class ControlLoop(
    ControlState state, FeedStarter feeds, ITermSource terms, LoopContext loop, LoopLiveness liveness, ILogger<ControlLoop> logger)
    : BackgroundService
{
    private const int Capacity = 1024;
    private const int MostAtOnce = 256;

    /// <summary>How late a turn may be on a machine that is busy.</summary>
    private static readonly TimeSpan OverdueLimit = TimeSpan.FromSeconds(30);

    private readonly Channel<ControlEvent> events = Channel.CreateBounded<ControlEvent>(Capacity);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        state.Manifests.Term = await NextTermAsync(stoppingToken);
        LogBegins(logger, state.Manifests.Term);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var timer = new PeriodicTimer(loop.Options.Tick, loop.Time);
        var feeding = feeds.Start(events.Writer, ending.Token);
        try
        {
            await RunAsync(timer, feeding, stoppingToken);
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    private async Task<long> NextTermAsync(CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await terms.NextTermAsync(cancellationToken);
            }
            catch (IOException error)
            {
                LogNoTerm(logger, error.Message);
                await Task.Delay(loop.Options.BackOff.After(failures, loop.Random.NextDouble()), loop.Time, cancellationToken);
            }
        }
    }

    private async Task RunAsync(PeriodicTimer timer, Task feeding, CancellationToken stoppingToken)
    {
        var (happened, tick) = (Happened(stoppingToken), Tick(timer, stoppingToken));
        var finished = state.WaitAsync(stoppingToken);
        while (true)
        {
            var first = await Task.WhenAny(happened, tick, finished, feeding);
            await first;
            if (first == feeding)
            {
                throw new InvalidOperationException("A feed of the control loop ended by itself.");
            }

            state.RunResults();
            for (var count = 0; count < MostAtOnce && events.Reader.TryRead(out var one); count++)
            {
                Apply(one);
            }

            state.Pump(feeds, stoppingToken);
            liveness.Turned();
            liveness.Expect(OverdueLimit); // It ticks several times a second, whatever happens.
            happened = happened.IsCompleted ? Happened(stoppingToken) : happened;
            tick = tick.IsCompleted ? Tick(timer, stoppingToken) : tick;
            finished = finished.IsCompleted ? state.WaitAsync(stoppingToken) : finished;
        }
    }

    private void Apply(ControlEvent happened)
    {
        try
        {
            Handle(happened);
            state.Absorb();
        }
        catch (Exception error)
        {
            // One poisoned resource or message must not stop the fleet: it is told, and the rest goes on.
            LogPoisoned(logger, happened.GetType().Name, error);
        }
    }

    private void Handle(ControlEvent happened)
    {
        switch (happened)
        {
            case ControlEvent.LinkChanged link:
                state.Link(link.State);
                break;
            case ControlEvent.Listed<Deployment> all:
                state.Deployments.List(all.Resources, all.Unreadable);
                break;
            case ControlEvent.Seen<Deployment> seen:
                state.Deployments.See(seen.Resource);
                break;
            case ControlEvent.Gone<Deployment> gone:
                state.Deployments.Gone(gone.Resource);
                break;
            case ControlEvent.Listed<Device> all:
                state.Devices.List(all.Resources, all.Unreadable, all.Answers);
                break;
            case ControlEvent.Seen<Device> seen:
                state.Devices.See(seen.Resource);
                break;
            case ControlEvent.Gone<Device> gone:
                state.Devices.Gone(gone.Resource);
                break;
            case ControlEvent.InBucket bucket:
                state.Watch(bucket.Bucket, bucket.Happened);
                break;
        }
    }

    private async Task Happened(CancellationToken cancellationToken) => await events.Reader.WaitToReadAsync(cancellationToken);

    private static async Task Tick(PeriodicTimer timer, CancellationToken cancellationToken) => await timer.WaitForNextTickAsync(cancellationToken);
}
