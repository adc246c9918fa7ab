namespace Harmony.Fleet.Tests.Agent.Rigs;

/// <summary>The machine's clock, set by somebody. Timers go on in real time, as they do when a wall clock is set: the agent around it is the real one.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
}
