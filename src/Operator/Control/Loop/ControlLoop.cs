using System.Diagnostics;
using System.Threading.Channels;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Engine;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Hosting.Systemd;
using Harmony.Fleet.Operator.Control.Executors;
using Harmony.Fleet.Operator.Control.Informers;
using Harmony.Fleet.Operator.Keys;
using Harmony.Fleet.Ports.State;

namespace Harmony.Fleet.Operator.Control.Loop;

/// <summary>
/// The one owner of the engine: it takes what happened from bounded channels, lets the engine decide, and begins what is to be done. Nothing
/// here waits for the store or the bus.
/// </summary>
internal sealed partial class ControlLoop(
    FleetEngine engine,
    EngineView view,
    FleetInformers informers,
    EffectExecutor executor,
    NoticeLog notices,
    DeviceContacts contacts,
    ILeadership leadership,
    ControlOptions options,
    TimeProvider time,
    RandomSource random,
    LoopLiveness liveness,
    TurnMeter turns,
    ILogger<ControlLoop> logger)
    : BackgroundService
{
    private const int Capacity = 1024;
    private const int MostAtOnce = 256;

    /// <summary>How late a turn may be on a machine that is busy.</summary>
    private static readonly TimeSpan OverdueLimit = TimeSpan.FromSeconds(30);

    private readonly Channel<FleetEvent> events = Channel.CreateBounded<FleetEvent>(Capacity);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        turns.Observe(() => events.Reader.Count);
        var term = await BeginTermAsync(stoppingToken);
        LogBegins(logger, term);
        Step([new FleetEvent.TermBegan(term)], stoppingToken);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var timer = new PeriodicTimer(options.Tick, time);
        var informing = informers.Start(events.Writer, () => view.Answers, ending.Token);
        try
        {
            await RunAsync(timer, informing, stoppingToken);
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    private async Task<long> BeginTermAsync(CancellationToken cancellationToken)
    {
        var failures = new BackOffSequence(options.BackOff, random.Next());
        while (true)
        {
            try
            {
                return await leadership.BeginTermAsync(cancellationToken);
            }
            catch (IOException error)
            {
                LogNoTerm(logger, error.Message);
                await Task.Delay(failures.Next(), time, cancellationToken);
            }
        }
    }

    private async Task RunAsync(PeriodicTimer timer, Task informing, CancellationToken stoppingToken)
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
                batch.Clear();
                TakeInto(batch, executor.Results, int.MaxValue);
                TakeInto(batch, events.Reader, MostAtOnce);
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

    private bool Step(IReadOnlyList<FleetEvent> batch, CancellationToken cancellationToken)
    {
        if (leadership.Remaining <= TimeSpan.Zero)
        {
            // What this process knows may be older than what another one did: the next start begins from what is stored.
            throw new InvalidOperationException("The leadership is over: another operator may lead.");
        }

        var began = Stopwatch.GetTimestamp();
        var step = engine.Step(batch, time.GetUtcNow(), events.Reader.Count > 0);
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

    private static void TakeInto(List<FleetEvent> batch, ChannelReader<FleetEvent> from, int most)
    {
        while (most-- > 0 && from.TryRead(out var one))
        {
            batch.Add(one);
        }
    }

    private static async Task Waits(ChannelReader<FleetEvent> reader, CancellationToken cancellationToken) => await reader.WaitToReadAsync(cancellationToken);

    private static async Task Ticks(PeriodicTimer timer, CancellationToken cancellationToken) => await timer.WaitForNextTickAsync(cancellationToken);
}
