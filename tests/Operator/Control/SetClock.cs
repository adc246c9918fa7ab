namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>A machine's clock that somebody sets. Timers and timestamps go on, as they do when a wall clock is set.</summary>
internal sealed class SetClock(TimeProvider inner) : TimeProvider
{
    public SetClock()
        : this(System)
    {
    }

    public TimeSpan Shift { get; set; }

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Shift;

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => inner.CreateTimer(callback, state, dueTime, period);
}
