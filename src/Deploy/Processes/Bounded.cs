namespace Harmony.Fleet.Deploy.Processes;

/// <summary>Work on many things of which each starts programs: a few at a time, however many there are.</summary>
internal static class Bounded
{
    private const int AtATime = 16;

    /// <summary>Does <paramref name="work"/> for each of <paramref name="items"/>.</summary>
    /// <returns>What came of each, in their order.</returns>
    public static async Task<T[]> AllAsync<TItem, T>(IEnumerable<TItem> items, Func<TItem, Task<T>> work)
    {
        using var slots = new SemaphoreSlim(AtATime);
        return await Task.WhenAll(items.Select(InSlotAsync)).ConfigureAwait(false);

        async Task<T> InSlotAsync(TItem item)
        {
            await slots.WaitAsync().ConfigureAwait(false);
            try
            {
                // Much of it is done before it first waits.
                return await Task.Run(() => work(item)).ConfigureAwait(false);
            }
            finally
            {
                slots.Release();
            }
        }
    }
}
