namespace Harmony.Fleet.Operator.Api;

/// <summary>
/// When an unknown caller is answered, where there are many: one after the other, each at a time of its own. Those who knock without a token share a processor with those
/// who have one, and must not come back all at once.
/// </summary>
internal sealed class RefusalPace(TimeProvider clock)
{
    /// <summary>How many are answered at once after a quiet time.</summary>
    public const int Burst = 20;

    /// <summary>How long after one the next is answered.</summary>
    public static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(10);

    /// <summary>The longest that a caller waits, however many there are.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly long origin = clock.GetTimestamp();
    private TimeSpan turn;

    /// <summary>Waits until it is this caller's turn.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var now = clock.GetElapsedTime(origin);
            var next = (turn > now ? turn : now) + Spacing;
            var wait = next - now - (Burst * Spacing);
            if (wait > Longest)
            {
                return Task.Delay(Longest, clock, cancellationToken);
            }

            turn = next;
            return wait <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait, clock, cancellationToken);
        }
    }
}
