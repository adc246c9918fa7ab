namespace Harmony.Fleet.Operator.Api;

/// <summary>
/// How many lists are read from the store at once: each keeps a thread busy until it is read, and whoever lists a large fleet again and again must not keep the others, not even a probe
/// of whether the operator lives, from theirs. The others wait in the order in which they came, without a thread.
/// </summary>
/// <param name="most">So many.</param>
internal sealed class ListGate(int most) : IDisposable
{
    private readonly SemaphoreSlim free = new(most);

    /// <summary>One fewer than there are processors, and one at least.</summary>
    public static ListGate OfThisMachine() => new(Math.Max(1, Environment.ProcessorCount - 1));

    /// <summary>Reads a list when its turn has come.</summary>
    public async Task<T> ReadAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken)
    {
        await free.WaitAsync(cancellationToken);
        try
        {
            return await read();
        }
        finally
        {
            free.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => free.Dispose();
}
