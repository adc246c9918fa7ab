namespace Harmony.Fleet.Operator.Control.Work;

/// <summary>The control loop's own source of chance: a Random serves one thread.</summary>
/// <param name="seed">Where it begins.</param>
internal sealed class LoopRandom(int seed) : Random(seed);
