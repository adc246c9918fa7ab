namespace Harmony.Fleet.Agent.Timing;

/// <summary>How long the bus took to answer the last time that something was asked for its own sake: a server with too much to do takes seconds.</summary>
internal sealed class BusPace
{
    private long ticks;

    /// <summary>The last answer took so long; zero before the first.</summary>
    public TimeSpan Last
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref ticks));
        set => Interlocked.Exchange(ref ticks, value.Ticks);
    }
}
