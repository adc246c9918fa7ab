using System.Text;
using Harmony.Fleet.Contracts.Texts;

namespace Harmony.Fleet.Deploy.Processes;

/// <summary>The log of one child process: each of its lines printable and short, no more of them than <see cref="LogBudget"/> lets through, in a file that is put aside when it is full.</summary>
internal sealed class BoundedLog
{
    private const int LastLines = 3;

    private readonly string path;
    private readonly TimeProvider time;
    private readonly LogBudget budget;
    private readonly Lock gate = new();
    private readonly Queue<byte[]> last = new(LastLines);
    private long began;
    private bool isTold;

    /// <param name="path">The file.</param>
    /// <param name="counted">Words that lines have in common which are counted rather than kept.</param>
    /// <param name="time">The clock.</param>
    public BoundedLog(string path, IEnumerable<string> counted, TimeProvider time)
    {
        (this.path, this.time, budget) = (path, time, new LogBudget(counted));
        began = time.GetTimestamp();
    }

    /// <summary>Its last lines.</summary>
    public string[] LastWords()
    {
        lock (gate)
        {
            return [.. last.Select(Text)];
        }
    }

    /// <summary>Writes whole lines; <paramref name="bytes"/> ends where one does.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            var written = new StringBuilder();
            if (time.GetElapsedTime(began) >= LogBudget.Span)
            {
                Turn(written);
            }

            foreach (var range in bytes.Split((byte)'\n'))
            {
                var line = bytes[range].TrimEnd((byte)'\r');
                if (!line.IsEmpty)
                {
                    Take(line, written);
                }
            }

            LogFiles.Append(path, written.ToString());
        }
    }

    /// <summary>Writes what was kept back.</summary>
    public void Flush()
    {
        lock (gate)
        {
            var written = new StringBuilder();
            Turn(written);
            LogFiles.Append(path, written.ToString());
        }
    }

    private static string Text(byte[] line) => Text(line.AsSpan());

    private static string Text(ReadOnlySpan<byte> line) => Printable.ShortLine(Encoding.UTF8.GetString(line));

    private void Take(ReadOnlySpan<byte> line, StringBuilder written)
    {
        if (last.Count == LastLines)
        {
            last.Dequeue();
        }

        last.Enqueue(line.ToArray());
        if (budget.Takes(line))
        {
            written.Append(Text(line)).Append('\n');
        }
        else if (!isTold)
        {
            // From the first line that is kept back: what there is to tell is told in time, also where nothing more comes.
            isTold = true;
            _ = FlushLaterAsync();
        }
    }

    private async Task FlushLaterAsync()
    {
        await Task.Delay(LogBudget.Span, time).ConfigureAwait(false);
        Flush();
    }

    private void Turn(StringBuilder written)
    {
        foreach (var line in budget.Next(time.GetUtcNow()))
        {
            written.Append(Text(line)).Append('\n');
        }

        (began, isTold) = (time.GetTimestamp(), false);
    }
}
