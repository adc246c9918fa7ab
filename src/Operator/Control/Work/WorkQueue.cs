using Harmony.Fleet.Core.Retries;
using System.Diagnostics.CodeAnalysis;

namespace Harmony.Fleet.Operator.Control.Work;

/// <summary>
/// Keys that need work, each once however often it is added. A key that is under way is never handed out a second time: added meanwhile,
/// it comes again afterwards. Failures come again after a jittered, doubling wait. It has one owner.
/// </summary>
/// <typeparam name="T">The key's type.</typeparam>
internal sealed class WorkQueue<T>(TimeProvider time, Random random, BackOff backOff)
    where T : notnull
{
    private readonly Queue<T> ready = new();
    private readonly HashSet<T> waiting = [];
    private readonly HashSet<T> underWay = [];
    private readonly HashSet<T> again = [];
    private readonly PriorityQueue<T, DateTimeOffset> delayed = new();
    private readonly Dictionary<T, int> failures = [];

    /// <summary>How many keys could be taken now.</summary>
    public int Ready
    {
        get
        {
            AddDue();
            return ready.Count;
        }
    }

    /// <summary>Work for <paramref name="key"/>.</summary>
    public void Add(T key)
    {
        if (underWay.Contains(key))
        {
            again.Add(key);
        }
        else if (waiting.Add(key))
        {
            ready.Enqueue(key);
        }
    }

    /// <summary>Work for <paramref name="key"/>, later.</summary>
    public void AddAt(T key, DateTimeOffset at) => delayed.Enqueue(key, at);

    /// <summary>Takes a key; give it back with <see cref="Finish"/> or <see cref="Retry"/>.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T key)
    {
        AddDue();
        if (!ready.TryDequeue(out key))
        {
            return false;
        }

        waiting.Remove(key);
        underWay.Add(key);
        return true;
    }

    /// <summary>The work on <paramref name="key"/> is done.</summary>
    public void Finish(T key)
    {
        failures.Remove(key);
        Release(key);
    }

    /// <summary>The work on <paramref name="key"/> failed: again, after a while.</summary>
    public void Retry(T key)
    {
        var count = failures[key] = failures.GetValueOrDefault(key) + 1;
        underWay.Remove(key);
        again.Remove(key);
        AddAt(key, time.GetUtcNow() + backOff.After(count, random.NextDouble()));
    }

    private void AddDue()
    {
        var now = time.GetUtcNow();
        while (delayed.TryPeek(out var due, out var at) && at <= now)
        {
            delayed.Dequeue();
            Add(due);
        }
    }

    private void Release(T key)
    {
        underWay.Remove(key);
        if (again.Remove(key))
        {
            Add(key);
        }
    }
}
