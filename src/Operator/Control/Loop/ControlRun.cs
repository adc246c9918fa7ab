using System.Diagnostics;
using System.Threading.Channels;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Engine;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Hosting.Systemd;
using Harmony.Fleet.Operator.Control.Executors;
using Harmony.Fleet.Operator.Control.Informers;
using Harmony.Fleet.Operator.Keys;
using Harmony.Fleet.Ports.State;

namespace Harmony.Fleet.Operator.Control.Loop;

/// <summary>
/// The one owner of an engine: it takes what happened from bounded channels, lets the engine decide, and begins what is to be done. Nothing
/// here waits for the store or the bus.
/// </summary>
internal sealed class ControlRun(
    FleetEngine engine,
    EngineView view,
    FleetInformers informers,
    EffectExecutor executor,
    NoticeLog notices,
    DeviceContacts contacts,
    ILeadership leadership,
    ControlOptions options,
    TimeProvider time,
    LoopLiveness liveness,
    TurnMeter turns)
{
    /// <summary>How late a turn may be on a machine that is busy.</summary>
    public static readonly TimeSpan OverdueLimit = TimeSpan.FromSeconds(30);

    private const int Capacity = 1024;
    private const int MostAtOnce = 128;

    /// <summary>A clock that is put back by no more is waited for: the engine's time stands still.</summary>
    private static readonly TimeSpan MostBridged = TimeSpan.FromSeconds(5);

    private readonly Channel<FleetEvent> events = Channel.CreateBounded<FleetEvent>(Capacity);
    private DateTimeOffset now;

    /// <summary>Runs the engine in a term until cancelled.</summary>
    /// <returns>How far the machine's clock was put back, where the engine cannot go on for it: all that it was to do at some time lies ahead by so much.</returns>
    public async Task<TimeSpan> RunAsync(long term, CancellationToken stoppingToken)
    {
        turns.Observe(() => events.Reader.Count);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var timer = new PeriodicTimer(options.Tick, time);
        IsPutBack(out _);
        Step([new FleetEvent.TermBegan(term)], ending.Token);
        var informing = informers.Start(events.Writer, () => view.Answers, ending.Token);
        try
        {
            return await TurnAsync(timer, informing, ending.Token);
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    private async Task<TimeSpan> TurnAsync(PeriodicTimer timer, Task informing, CancellationToken stoppingToken)
    {
        var (happened, finished, tick) = (Waits(events.Reader, stoppingToken), Waits(executor.Results, stoppingToken), Ticks(timer, stoppingToken));
        var batch = new List<FleetEvent>();
        while (true)
        {
            var first = await Task.WhenAny(happened, finished, tick, informing);
            await first;
            if (first == informing)
            {
                throw new InvalidOperationException("An informer of the control loop ended by itself.");
            }

            bool isAllTaken;
            do
            {
                if (IsPutBack(out var by))
                {
                    return by;
                }

                batch.Clear();
                TakeInto(batch, executor.Results);
                TakeInto(batch, events.Reader);
                isAllTaken = Step(batch, stoppingToken);
                liveness.Turned();
                liveness.Expect(OverdueLimit); // It ticks several times a second, whatever happens.
            }
            while (!isAllTaken && !stoppingToken.IsCancellationRequested);
            happened = happened.IsCompleted ? Waits(events.Reader, stoppingToken) : happened;
            finished = finished.IsCompleted ? Waits(executor.Results, stoppingToken) : finished;
            tick = tick.IsCompleted ? Ticks(timer, stoppingToken) : tick;
        }
    }

    /// <summary>Takes the time of the next step, which is never before that of the last one.</summary>
    private bool IsPutBack(out TimeSpan by)
    {
        var wall = time.GetUtcNow();
        by = now - wall;
        now = wall > now ? wall : now;
        return by > MostBridged;
    }

    private bool Step(IReadOnlyList<FleetEvent> batch, CancellationToken cancellationToken)
    {
        if (leadership.Remaining <= TimeSpan.Zero)
        {
            // What this process knows may be older than what another one did: the next start begins from what is stored.
            throw new InvalidOperationException("The leadership is over: another operator may lead.");
        }

        var began = Stopwatch.GetTimestamp();
        var step = engine.Step(batch, now, events.Reader.Count > 0);
        view.Take(engine);
        notices.Tell(step.Notices);
        foreach (var effect in step.Effects)
        {
            Begin(effect, cancellationToken);
        }

        turns.Turned(batch, began, engine.Waiting);
        return step.IsAllTaken;
    }

    private void Begin(FleetEffect effect, CancellationToken cancellationToken)
    {
        switch (effect)
        {
            case FleetEffect.WatchBuckets:
                informers.WatchBuckets();
                break;
            case FleetEffect.ReadBuckets read:
                informers.ReadBuckets(read.Names);
                break;
            case FleetEffect.KeepContact keep:
                contacts.Keep(keep.Device, keep.Nonce);
                break;
            case FleetEffect.ForgetContact forget:
                contacts.Forget(forget.Device);
                break;
            case FleetEffect.ReadAgain again:
                informers.ReadAgain(again.Device);
                break;
            default:
                executor.Start(effect, cancellationToken);
                break;
        }
    }

    /// <summary>Takes so many that no turn takes long, and that what is under way never runs dry meanwhile.</summary>
    private static void TakeInto(List<FleetEvent> batch, ChannelReader<FleetEvent> from)
    {
        for (var room = MostAtOnce; room > 0 && from.TryRead(out var one); room--)
        {
            batch.Add(one);
        }
    }

    private static async Task Waits(ChannelReader<FleetEvent> reader, CancellationToken cancellationToken) => await reader.WaitToReadAsync(cancellationToken);

    private static async Task Ticks(PeriodicTimer timer, CancellationToken cancellationToken) => await timer.WaitForNextTickAsync(cancellationToken);
}
