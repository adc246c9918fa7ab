using System.Diagnostics.CodeAnalysis;
using Harmony.Fleet.Core.Retries;

namespace Harmony.Fleet.Core.Queues;

/// <summary>
/// Keys that need work, each once however often it is added. A key that is being processed is never handed out a second time: added
/// meanwhile, it comes again afterwards. A key that failed comes again after a jittered, doubling wait, and nothing but
/// <see cref="ForgetBackOffs"/> shortens that. For one owner; it has no clock.
/// </summary>
/// <typeparam name="T">The key's type.</typeparam>
/// <param name="backOff">The waits after failures.</param>
/// <param name="random">Where their jitter comes from.</param>
internal sealed class WorkQueue<T>(BackOff backOff, Random random)
    where T : notnull
{
    private readonly Queue<T> ready = new();
    private readonly HashSet<T> dirty = [];
    private readonly HashSet<T> processing = [];
    private readonly Dictionary<T, (int Count, DateTimeOffset? Until)> failures = [];
    private readonly Dictionary<T, DateTimeOffset> delayed = [];
    private readonly PriorityQueue<T, DateTimeOffset> due = new();

    /// <summary>How many keys could be taken, as of the last time that one was.</summary>
    public int Ready => ready.Count;

    /// <summary>Work for <paramref name="key"/>. One that waits for its next try goes on waiting.</summary>
    public void Add(T key)
    {
        if (failures.Count > 0 && failures.TryGetValue(key, out var failure) && failure.Until is not null)
        {
            return;
        }

        if (dirty.Add(key) && !(processing.Count > 0 && processing.Contains(key)))
        {
            ready.Enqueue(key);
        }
    }

    /// <summary>Work for <paramref name="key"/>, at <paramref name="at"/> at the latest; the earliest of several times counts. Where it fails before, it is tried again and then comes at that time as well.</summary>
    public void AddAt(T key, DateTimeOffset at)
    {
        if (!(delayed.TryGetValue(key, out var known) && known <= at))
        {
            delayed[key] = at;
            due.Enqueue(key, at);
        }
    }

    /// <summary>So many keys are about to be added.</summary>
    public void Expect(int count)
    {
        dirty.EnsureCapacity(dirty.Count + count);
        ready.EnsureCapacity(ready.Count + count);
    }

    /// <summary>How many keys could be taken now.</summary>
    public int CountReady(DateTimeOffset now)
    {
        AddDue(now);
        return ready.Count;
    }

    /// <summary>Takes a key; give it back with <see cref="Done"/> or <see cref="Retry"/>.</summary>
    public bool TryTake(DateTimeOffset now, [MaybeNullWhen(false)] out T key)
    {
        AddDue(now);
        if (!ready.TryDequeue(out key))
        {
            return false;
        }

        dirty.Remove(key);
        processing.Add(key);
        ready.TrimEmpty();
        dirty.TrimEmpty();
        return true;
    }

    /// <summary>The work on <paramref name="key"/> is done.</summary>
    public void Done(T key)
    {
        failures.Remove(key);
        processing.Remove(key);
        processing.TrimEmpty();
        if (dirty.Contains(key))
        {
            ready.Enqueue(key);
        }
    }

    /// <summary>The work on <paramref name="key"/> failed: again, after a while.</summary>
    public void Retry(T key, DateTimeOffset now)
    {
        var count = failures.GetValueOrDefault(key).Count + 1;
        var until = now + backOff.After(count, random.NextDouble());
        failures[key] = (count, until);
        processing.Remove(key);
        dirty.Remove(key);
        due.Enqueue(key, until);
    }

    /// <summary>What made keys fail may be over, for example because a connection stands again: those that wait for their next try can be taken now.</summary>
    public void ForgetBackOffs()
    {
        foreach (var (key, failure) in failures)
        {
            failures.Remove(key);
            if (failure.Until is not null)
            {
                Add(key);
            }
        }
    }

    private void AddDue(DateTimeOffset now)
    {
        while (due.TryPeek(out var key, out var at) && at <= now)
        {
            due.Dequeue();
            var isRetry = failures.TryGetValue(key, out var failure) && failure.Until == at;
            if (isRetry)
            {
                failures[key] = (failure.Count, Until: null);
            }

            var isDelayed = delayed.TryGetValue(key, out var known) && known == at;
            if (isDelayed)
            {
                delayed.Remove(key);
            }

            if (isRetry || isDelayed)
            {
                Add(key); // Otherwise an earlier time took the place of this one.
            }
        }
    }
}
