namespace Harmony.Fleet.Tests.Cli;

/// <summary>A clock that shows one time; its timers are those of the system.</summary>
internal sealed class FixedTime(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
