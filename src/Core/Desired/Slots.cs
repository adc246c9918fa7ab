namespace Harmony.Fleet.Core.Desired;

/// <summary>Things by small numbers: a number is half of a reference, and there are a million of them. One that is free is given again.</summary>
/// <typeparam name="T">What has a number.</typeparam>
internal sealed class Slots<T>
    where T : class
{
    private readonly List<T?> things = [];
    private readonly Stack<int> free = new();

    /// <summary>The thing with the number <paramref name="slot"/>, which it was given.</summary>
    public T this[int slot] => things[slot]!;

    /// <summary>How many numbers were given.</summary>
    public int Count => things.Count;

    /// <summary>The thing with the number <paramref name="slot"/>; null where it is free.</summary>
    public T? Find(int slot) => things[slot];

    /// <summary>All things that have a number.</summary>
    public IEnumerable<T> All => things.OfType<T>();

    /// <summary>Gives a thing a number.</summary>
    public int Add(T thing)
    {
        if (free.TryPop(out var slot))
        {
            things[slot] = thing;
            return slot;
        }

        things.Add(thing);
        return things.Count - 1;
    }

    /// <summary>The thing with the number <paramref name="slot"/> is gone, and nothing holds the number any more.</summary>
    public void Remove(int slot)
    {
        things[slot] = null;
        free.Push(slot);
    }
}
