namespace Harmony.Fleet.Core.Desired;

/// <summary>The pairs of one device, in their order of placement. It takes little more room than they need.</summary>
internal struct PairList
{
    private const int Slack = 4;
    private Pair[] pairs;

    /// <summary>None.</summary>
    public static PairList Empty => new() { pairs = [] };

    /// <summary>How many there are.</summary>
    public int Count { readonly get; private set; }

    /// <summary>One of them, to be changed in its place.</summary>
    public readonly ref Pair this[int index] => ref pairs.AsSpan(0, Count)[index];

    /// <summary>Where <paramref name="deployment"/> is; the complement of where it belongs, when it is not.</summary>
    public readonly int IndexOf(DeploymentNode deployment, Slots<DeploymentNode> deployments)
    {
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var at = pairs[middle].Deployment;
            var order = at == deployment.Slot ? 0 : PlacementOrder.Instance.Compare(deployments[at], deployment);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }

    /// <summary>Puts one in at <paramref name="index"/>.</summary>
    public void Insert(int index, Pair pair)
    {
        if (Count == pairs.Length)
        {
            Array.Resize(ref pairs, Count + Math.Max(Slack / 2, Count / (2 * Slack)));
        }

        Array.Copy(pairs, index, pairs, index + 1, Count - index);
        pairs[index] = pair;
        Count++;
    }

    /// <summary>Takes the one at <paramref name="index"/> out.</summary>
    public void RemoveAt(int index)
    {
        Count--;
        Array.Copy(pairs, index + 1, pairs, index, Count - index);
        if (Count + Slack < pairs.Length / 2)
        {
            Array.Resize(ref pairs, Count + Slack);
        }
    }
}
