namespace Harmony.Fleet.Cli.Waiting;

/// <summary>Ends what takes longer than it may.</summary>
internal static class TimeLimit
{
    /// <summary>What <paramref name="work"/> comes to, or <paramref name="late"/> where it takes longer than <paramref name="limit"/>; none for one that is over.</summary>
    public static async Task<T> WithinAsync<T>(TimeProvider time, TimeSpan limit, Func<CancellationToken, Task<T>> work, T late, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return late;
        }
    }
}
