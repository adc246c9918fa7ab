using System.Globalization;
using System.Text;
using Harmony.Fleet.Contracts.Texts;

namespace Harmony.Fleet.Deploy.Processes;

/// <summary>
/// How much of what a process says is kept of ten seconds: the beginning, and the newest lines; of those that come in numbers when somebody knocks in vain
/// a few, and how many there were. Whoever can make a process log must not be able to fill the disk, nor to push everything else out of the log.
/// </summary>
internal sealed class LogBudget
{
    /// <summary>How long one budget lasts.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromSeconds(10);

    /// <summary>How many bytes are kept as they come.</summary>
    public const int HeadBytes = 128 * 1024;

    /// <summary>How many bytes of the newest lines are kept where there was more.</summary>
    public const int TailBytes = 16 * 1024;

    /// <summary>How many lines of one sort are kept, where they are counted.</summary>
    public const int Samples = 5;

    private const int LongestEscape = 5;

    private readonly (byte[] Words, int Count, byte[] Last)[] sorts;
    private readonly Queue<byte[]> tail = [];
    private int headBytes;
    private int tailBytes;
    private long left;

    /// <param name="counted">Words that lines of one sort have in common.</param>
    public LogBudget(IEnumerable<string> counted) => sorts = [.. counted.Select(words => (Encoding.UTF8.GetBytes(words), 0, Array.Empty<byte>()))];

    /// <summary>Whether <paramref name="line"/> is written now.</summary>
    public bool Takes(ReadOnlySpan<byte> line)
    {
        foreach (ref var sort in sorts.AsSpan())
        {
            if (line.IndexOf(sort.Words) >= 0)
            {
                sort.Last = ++sort.Count > Samples ? line.ToArray() : [];
                return sort.Count <= Samples && Fits(line);
            }
        }

        return Fits(line);
    }

    /// <summary>Begins the next span.</summary>
    /// <returns>What of the one before is still to be written.</returns>
    public IEnumerable<byte[]> Next(DateTimeOffset now)
    {
        var lines = new List<byte[]>();
        foreach (ref var sort in sorts.AsSpan())
        {
            if (sort.Count > Samples)
            {
                lines.Add([.. Said(now, $"{sort.Count - Samples} more lines with \"{Encoding.UTF8.GetString(sort.Words)}\"; the last:"), (byte)' ', .. sort.Last]);
            }

            (sort.Count, sort.Last) = (0, []);
        }

        if (left > 0)
        {
            lines.Add(Said(now, $"{left} lines were left out"));
        }

        lines.AddRange(tail);
        tail.Clear();
        (headBytes, tailBytes, left) = (0, 0, 0);
        return lines;
    }

    private static byte[] Said(DateTimeOffset now, string sentence) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} fleet: {sentence}"));

    /// <summary>The most bytes that <paramref name="line"/> takes once it is printable: an escape is longer than what it stands for.</summary>
    private static int Cost(ReadOnlySpan<byte> line)
    {
        var cost = line.Length + 1;
        for (var rest = line; rest.IndexOfAnyExceptInRange((byte)' ', (byte)'~') is >= 0 and var odd && cost < Printable.MaxLineBytes; rest = rest[(odd + 1)..])
        {
            cost += LongestEscape;
        }

        return Math.Min(cost, Printable.MaxLineBytes + 1);
    }

    private bool Fits(ReadOnlySpan<byte> line)
    {
        var cost = Cost(line);
        if (tail.Count == 0 && headBytes + cost <= HeadBytes)
        {
            headBytes += cost;
            return true;
        }

        tail.Enqueue(line.ToArray());
        for (tailBytes += cost; tailBytes > TailBytes; left++)
        {
            tailBytes -= Cost(tail.Dequeue());
        }

        return false;
    }
}
