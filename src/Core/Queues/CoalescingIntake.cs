using System.Diagnostics.CodeAnalysis;
using Harmony.Fleet.Core.Retries;

namespace Harmony.Fleet.Core.Queues;

/// <summary>
/// What is taken in of values that stand under keys, and are replaced there: of each key no more than its bucket of tokens lets through. Of the rest is kept only which key it
/// was: its newest value is read when the tokens are there again, so that the last one always comes, and a flood costs no memory. For one owner; it has no clock.
/// </summary>
/// <typeparam name="T">The key's type.</typeparam>
/// <param name="limit">What each key may take.</param>
public sealed class CoalescingIntake<T>(TokenLimit limit)
    where T : notnull
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<T, TokenBucket> buckets = [];
    private readonly Dictionary<T, (ulong Revision, double Cost)> held = [];
    private readonly HashSet<T> reading = [];
    private readonly PriorityQueue<T, TimeSpan> due = new();
    private TimeSpan nextSweep;

    /// <summary>How many keys have a value that is not taken in yet.</summary>
    public int Held => held.Count;

    /// <summary>How many keys have taken anything of late.</summary>
    public int Known => buckets.Count;

    /// <summary>A value came.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="revision">Which version it is: later ones are higher.</param>
    /// <param name="cost">The tokens that it takes.</param>
    /// <param name="now">The time of a clock that only goes forward.</param>
    /// <returns>Whether it is taken in now; if not, its key is due later.</returns>
    public bool Takes(T key, ulong revision, double cost, TimeSpan now)
    {
        Sweep(now);
        if (held.ContainsKey(key))
        {
            held[key] = (revision, cost);
            return false;
        }

        if (TryPay(key, cost, now))
        {
            return true;
        }

        Hold(key, revision, cost, now);
        return false;
    }

    /// <summary>A key whose newest value is to be read now; give it back with <see cref="Read"/> or <see cref="Retry"/>.</summary>
    /// <param name="now">The time of a clock that only goes forward.</param>
    /// <param name="key">The key.</param>
    /// <param name="revision">The newest version that came.</param>
    public bool TryTakeDue(TimeSpan now, [MaybeNullWhen(false)] out T key, out ulong revision)
    {
        revision = 0;
        while (due.TryPeek(out key, out var at) && at <= now)
        {
            due.Dequeue();
            var value = held[key];
            if (TryPay(key, value.Cost, now))
            {
                reading.Add(key);
                revision = value.Revision;
                return true;
            }

            Hold(key, value.Revision, value.Cost, now); // It has grown.
        }

        key = default;
        return false;
    }

    /// <summary>The value of a due key was read, and is taken in. Where a later one came meanwhile, the key is due again.</summary>
    public void Read(T key, ulong revision, TimeSpan now)
    {
        if (reading.Remove(key) && held.Remove(key, out var newest) && newest.Revision > revision)
        {
            Hold(key, newest.Revision, newest.Cost, now);
        }
    }

    /// <summary>The value of a due key could not be read: again, after <paramref name="pause"/>.</summary>
    public void Retry(T key, TimeSpan pause, TimeSpan now)
    {
        if (reading.Remove(key))
        {
            due.Enqueue(key, now + pause);
        }
    }

    /// <summary>All values come again: none is due, and what is being read counts no more.</summary>
    public void ForgetHeld()
    {
        held.Clear();
        reading.Clear();
        due.Clear();
    }

    private bool TryPay(T key, double cost, TimeSpan now)
    {
        var (isTaken, next) = buckets.GetValueOrDefault(key).Take(limit, cost, now);
        buckets[key] = next;
        return isTaken;
    }

    private void Hold(T key, ulong revision, double cost, TimeSpan now)
    {
        held[key] = (revision, cost);
        due.Enqueue(key, now + buckets.GetValueOrDefault(key).Wait(limit, cost, now));
    }

    /// <summary>Who has taken nothing for a while is not known any more.</summary>
    private void Sweep(TimeSpan now)
    {
        if (now < nextSweep)
        {
            return;
        }

        nextSweep = now + SweepInterval;
        foreach (var (key, bucket) in buckets)
        {
            if (bucket.IsFull(limit, now))
            {
                buckets.Remove(key);
            }
        }
    }
}
