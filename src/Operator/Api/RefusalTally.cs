using System.Globalization;

namespace Harmony.Fleet.Operator.Api;

/// <summary>
/// Counts the requests that are refused. A few a minute have lines of their own, of the others a line a minute says how many there were: whoever knocks
/// without a token must not be able to fill the log.
/// </summary>
internal sealed partial class RefusalTally(TimeProvider clock, ILogger<RefusalTally> logger)
{
    /// <summary>How often the others are told of.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromMinutes(1);

    /// <summary>How many have lines of their own.</summary>
    public const int Lines = 10;

    private readonly Lock gate = new();
    private readonly SortedDictionary<int, int> untold = [];
    private int told;
    private bool isWaiting;

    /// <summary>Counts one that was refused with <paramref name="status"/>.</summary>
    /// <returns>Whether it has a line of its own.</returns>
    public bool Tells(int status)
    {
        lock (gate)
        {
            if (!isWaiting)
            {
                isWaiting = true;
                _ = TellLaterAsync();
            }

            if (told < Lines)
            {
                told++;
                return true;
            }

            untold[status] = untold.GetValueOrDefault(status) + 1;
            return false;
        }
    }

    private async Task TellLaterAsync()
    {
        await Task.Delay(Span, clock).ConfigureAwait(false);
        string? counts;
        lock (gate)
        {
            counts = untold.Count == 0 ? null : string.Join(", ", untold.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value} with {pair.Key}")));
            (told, isWaiting) = (0, false);
            untold.Clear();
        }

        if (counts is not null)
        {
            LogUntold(counts, Span.TotalSeconds);
        }
    }
}
