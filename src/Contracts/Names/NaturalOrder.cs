namespace Harmony.Fleet.Contracts.Names;

/// <summary>Names as people count them: <c>device-2</c> comes before <c>device-10</c>.</summary>
public sealed class NaturalOrder : IComparer<string?>
{
    /// <summary>The order.</summary>
    public static NaturalOrder Names { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> left = x, right = y;
        while (!left.IsEmpty && !right.IsEmpty)
        {
            var order = char.IsAsciiDigit(left[0]) && char.IsAsciiDigit(right[0])
                ? Numbers(Take(ref left), Take(ref right))
                : Take(ref left, 1)[0].CompareTo(Take(ref right, 1)[0]);
            if (order != 0)
            {
                return order;
            }
        }

        // What differs in nothing but leading zeros still has one order.
        return (left.Length - right.Length) switch { 0 => string.CompareOrdinal(x, y), var rest => rest };
    }

    private static int Numbers(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        left = left.TrimStart('0');
        right = right.TrimStart('0');
        return left.Length != right.Length ? left.Length - right.Length : left.SequenceCompareTo(right);
    }

    /// <summary>The digits at the beginning of <paramref name="text"/>, which loses them.</summary>
    private static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> text) =>
        Take(ref text, text.IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : text.Length);

    private static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> text, int count)
    {
        var taken = text[..count];
        text = text[count..];
        return taken;
    }
}
