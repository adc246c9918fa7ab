using System.Diagnostics;

namespace Harmony.Fleet.Tests.Harness;

/// <summary>Waits for what becomes true in its own time. The limit only ends a test that would never end: nothing is measured by it.</summary>
public static class Eventually
{
    /// <summary>Asks until <paramref name="condition"/> holds.</summary>
    /// <param name="condition">It.</param>
    /// <param name="what">What is waited for.</param>
    /// <param name="limit">60 s by default.</param>
    /// <param name="seen">What was seen last, for the message.</param>
    /// <exception cref="TimeoutException">It did not within <paramref name="limit"/>.</exception>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null, Func<string?>? seen = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > (limit ?? TimeSpan.FromSeconds(60)))
            {
                throw new TimeoutException($"Not within {watch.Elapsed.TotalSeconds:F0} s: {what}{(seen is null ? string.Empty : $"; last seen: {seen()}")}");
            }

            await Task.Delay(20);
        }
    }

    /// <summary>Asks until <paramref name="condition"/> holds.</summary>
    public static Task HoldsAsync(Func<bool> condition, string what, TimeSpan? limit = null) =>
        HoldsAsync(() => Task.FromResult(condition()), what, limit);
}
