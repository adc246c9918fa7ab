namespace Harmony.Fleet.Operator.Control;

/// <summary>Where the control loop's chance comes from: a Random serves one thread, so that each part gets its own.</summary>
/// <param name="seed">Where it begins.</param>
internal sealed class RandomSource(int seed)
{
    private readonly Random seeds = new(seed);
    private readonly Lock gate = new();

    /// <summary>One for the caller alone.</summary>
    public Random Next()
    {
        lock (gate)
        {
            return new Random(seeds.Next());
        }
    }
}
