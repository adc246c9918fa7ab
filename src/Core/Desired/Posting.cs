namespace Harmony.Fleet.Core.Desired;

/// <summary>
/// The slots of what has one label, in rising order: a large label costs four bytes for each, and a slot is found by halves. Most labels of a fleet are of one device
/// alone, and cost no list.
/// </summary>
internal struct Posting
{
    private int one;
    private List<int>? many;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds one that is not in it.</summary>
    public void Add(int slot)
    {
        if (Count == 0)
        {
            (one, many) = (slot, null);
        }
        else
        {
            many ??= [one];
            many.Insert(~many.BinarySearch(slot), slot);
        }

        Count++;
    }

    /// <summary>Removes one that is in it.</summary>
    public void Remove(int slot)
    {
        many?.RemoveAt(many.BinarySearch(slot));
        Count--;
    }

    /// <summary>All of them, at the end of <paramref name="found"/>.</summary>
    public readonly void AddTo(List<int> found)
    {
        if (many is not null)
        {
            found.AddRange(many);
        }
        else if (Count > 0)
        {
            found.Add(one);
        }
    }
}
