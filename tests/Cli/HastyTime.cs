namespace Harmony.Fleet.Tests.Cli;

/// <summary>A clock whose timers of ten seconds and more ring after a moment.</summary>
internal sealed class HastyTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime >= TimeSpan.FromSeconds(10) ? TimeSpan.FromMilliseconds(200) : dueTime, period);
}
