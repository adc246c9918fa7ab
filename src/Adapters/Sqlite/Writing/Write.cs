using System.Text.Json;

namespace Harmony.Fleet.Adapters.Sqlite.Writing;

/// <summary>A write that runs <paramref name="apply"/>.</summary>
/// <typeparam name="T">What it says of itself.</typeparam>
/// <param name="apply">What to do within the transaction.</param>
/// <param name="cancellationToken">The caller's; heeded until the write begins.</param>
internal sealed class Write<T>(Func<WriteSession, T> apply, CancellationToken cancellationToken) : IWrite
{
    private readonly TaskCompletionSource<WriteResult<T>> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WriteResult<T> result;

    /// <summary>Ends once it is on disk, or failed.</summary>
    public Task<WriteResult<T>> Completion => completion.Task;

    /// <inheritdoc/>
    public bool TryCancel() => cancellationToken.IsCancellationRequested && completion.TrySetCanceled(cancellationToken);

    /// <inheritdoc/>
    public void Apply(WriteSession session)
    {
        try
        {
            result = new WriteResult<T>(apply(session), null);
        }
        catch (JsonException unreadable)
        {
            result = new WriteResult<T>(default, $"What is stored is not readable: {unreadable.Message}");
        }
    }

    /// <inheritdoc/>
    public void Committed() => completion.TrySetResult(result);

    /// <inheritdoc/>
    public void Failed(string reason) => completion.TrySetResult(new WriteResult<T>(default, reason));
}
