namespace Harmony.Fleet.Core.Desired;

/// <summary>The slots of what has one label. Most labels of a fleet are of one device alone, and cost no set.</summary>
internal struct Posting
{
    private int one;
    private HashSet<int>? many;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds one that is not in it.</summary>
    public void Add(int slot)
    {
        if (Count == 0)
        {
            one = slot;
        }
        else
        {
            many ??= [one];
            many.Add(slot);
        }

        Count++;
    }

    /// <summary>Removes one that is in it.</summary>
    public void Remove(int slot)
    {
        many?.Remove(slot);
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
