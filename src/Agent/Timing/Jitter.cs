namespace Harmony.Fleet.Agent.Timing;

/// <summary>Randomness that keeps a fleet from doing everything at once.</summary>
internal sealed class Jitter(Random random)
{
    private readonly Lock gate = new();

    /// <summary>A number from 0 to 1.</summary>
    public double Fraction()
    {
        lock (gate)
        {
            return random.NextDouble();
        }
    }

    /// <summary><paramref name="interval"/>, a fifth shorter or longer at the most.</summary>
    public TimeSpan Around(TimeSpan interval) => interval * (0.8 + (0.4 * Fraction()));
}
