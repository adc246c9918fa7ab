namespace Harmony.Fleet.Operator.Control;

/// <summary>Tells of the first few of a second in full, and of all others of it how many there were: what happens to a whole fleet at once is a few lines. For several threads.</summary>
/// <typeparam name="T">What is told.</typeparam>
/// <param name="named">So many of a second are told in full.</param>
/// <param name="time">The clock.</param>
/// <param name="one">Tells of one.</param>
/// <param name="many">Tells how many more there were, and of the last.</param>
internal sealed class LogCollapse<T>(int named, TimeProvider time, Action<T> one, Action<int, T> many)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly Lock gate = new();
    private long began;
    private T? last;
    private int told;
    private int more;

    /// <summary>This happened.</summary>
    public void Take(T what)
    {
        lock (gate)
        {
            Tell();
            if (told < named)
            {
                began = told == 0 ? time.GetTimestamp() : began;
                told++;
                one(what);
            }
            else
            {
                (last, more) = (what, more + 1);
            }
        }
    }

    /// <summary>Tells what is due of what was held back.</summary>
    public void Tell()
    {
        lock (gate)
        {
            if (told == 0 || time.GetElapsedTime(began) < Interval)
            {
                return;
            }

            var held = more;
            (told, more) = (0, 0);
            if (held == 1)
            {
                one(last!);
            }
            else if (held > 1)
            {
                many(held, last!);
            }
        }
    }
}
