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

    /// <summary>Gives the thing that <paramref name="make"/> makes a number.</summary>
    public T Add(Func<int, T> make)
    {
        if (free.TryPop(out var slot))
        {
            return things[slot] = make(slot);
        }

        var thing = make(things.Count);
        things.Add(thing);
        return thing;
    }

    /// <summary>The thing with the number <paramref name="slot"/> is gone, and nothing holds the number any more.</summary>
    public void Remove(int slot)
    {
        things[slot] = null;
        free.Push(slot);
    }
}
