namespace Harmony.Fleet.Operator.Control.Work;

/// <summary>What every part of the control loop works with.</summary>
/// <param name="Runners">Where effects run.</param>
/// <param name="Options">Times and bounds.</param>
/// <param name="Time">The clock.</param>
/// <param name="Random">Chance, for jitter.</param>
internal sealed record LoopContext(EffectRunners Runners, ControlOptions Options, TimeProvider Time, LoopRandom Random)
{
    /// <summary>The time.</summary>
    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>A queue of work.</summary>
    public WorkQueue<T> Queue<T>()
        where T : notnull => new(Time, Random, Options.BackOff);
}
