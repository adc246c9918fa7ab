using System.Diagnostics;
using System.Threading.Channels;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Operator.Telemetry;
using Harmony.Fleet.Ports.State;

namespace Harmony.Fleet.Operator.Control.Executors;

/// <summary>Carries out effects beside the control loop, and brings back what became of them. How many run at once is the engine's to decide.</summary>
internal sealed class EffectExecutor(
    BusExecutor bus, StoreExecutor store, ILeadership leadership, ControlOptions options, FleetMeter meter, FailureLog failures)
{
    // There is room for what comes of each that runs: the loop and its effects never wait for each other.
    private readonly Channel<FleetEvent> results = Channel.CreateBounded<FleetEvent>(options.BusWrites + options.StoreWrites);

    /// <summary>What became of them.</summary>
    public ChannelReader<FleetEvent> Results => results.Reader;

    /// <summary>Begins an effect.</summary>
    /// <param name="effect">It.</param>
    /// <param name="cancellationToken">Ends it; then nothing is brought back.</param>
    public void Start(FleetEffect effect, CancellationToken cancellationToken) => _ = RunAsync(effect, cancellationToken);

    private async Task RunAsync(FleetEffect effect, CancellationToken cancellationToken)
    {
        var (began, target) = (Stopwatch.GetTimestamp(), new KeyValuePair<string, object?>("target", effect.Target.ToString()));
        meter.ActiveEffects.Add(1, target);
        using var activity = FleetMeter.Activities.StartActivity(effect.GetType().Name);
        activity?.SetTag("effect", effect.ToString());
        EffectResult result;
        try
        {
            // Never on the loop's own time: an adapter may answer at once, and slowly.
            await Task.Yield();
            result = effect switch
            {
                // It may have stood still for long since this was decided.
                _ when leadership.Remaining <= TimeSpan.Zero => new EffectResult.Failed(),
                FleetEffect.OnBus onBus => await bus.RunAsync(onBus, cancellationToken),
                FleetEffect.OnStore onStore => await store.RunAsync(onStore, cancellationToken),
                _ => throw new InvalidOperationException($"No executor carries this out: {effect}"),
            };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            meter.ActiveEffects.Add(-1, target);
            return;
        }
        catch (IOException away)
        {
            failures.Undone(effect, away.Message);
            result = new EffectResult.Failed();
        }
        catch (Exception error)
        {
            // The loop outlives whatever an adapter throws: it is logged, and the work is tried again after a while.
            failures.Failed(effect, error);
            result = new EffectResult.Failed();
        }

        meter.ActiveEffects.Add(-1, target);
        meter.EffectTime.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, new("effect", effect.GetType().Name), new("outcome", result.GetType().Name));
        results.Writer.TryWrite(new FleetEvent.Finished(effect, result));
    }
}
