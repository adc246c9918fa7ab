namespace Harmony.Fleet.Tests.Simulation;

/// <summary>Virtual time, and chance from one seed: what is to happen, in its order. The same seed gives the same run.</summary>
internal sealed class Schedule(int seed, Trace trace)
{
    private readonly PriorityQueue<Action, (long At, long Order)> waiting = new();
    private long order;

    public Random Random { get; } = new(seed);

    public DateTimeOffset Now { get; private set; } = DateTimeOffset.UnixEpoch.AddYears(60);

    /// <summary>How much has happened.</summary>
    public int Count { get; private set; }

    public void At(DateTimeOffset at, Action action) => waiting.Enqueue(action, ((at < Now ? Now : at).UtcTicks, ++order));

    public void After(double seconds, Action action) => At(Now + TimeSpan.FromSeconds(seconds), action);

    /// <summary>Lets all happen until <paramref name="end"/>.</summary>
    public void RunUntil(DateTimeOffset end)
    {
        while (waiting.TryPeek(out _, out var first) && first.At <= end.UtcTicks)
        {
            var action = waiting.Dequeue();
            Now = new DateTimeOffset(first.At, TimeSpan.Zero);
            trace.Now = Now;
            Count++;
            action();
        }

        Now = end;
    }

    public double Between(double from, double to) => from + (Random.NextDouble() * (to - from));

    /// <summary>How long something is on its way: mostly short, at times long.</summary>
    public double Delay() => Chance(0.03) ? Between(0.5, 6) : Between(0.001, 0.15);

    public bool Chance(double probability) => Random.NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> from) => from[Random.Next(from.Count)];
}
