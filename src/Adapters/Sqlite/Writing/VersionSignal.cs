namespace Harmony.Fleet.Adapters.Sqlite.Writing;

/// <summary>Tells watches of new versions. Watches read the log themselves, so that a slow one costs no memory.</summary>
/// <param name="start">The version of the last change so far.</param>
internal sealed class VersionSignal(long start)
{
    private readonly Lock gate = new();
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long version = start;

    /// <summary>Whether the store is closing: no further version will come.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The version of the last change that is on disk.</summary>
    public long Version
    {
        get
        {
            lock (gate)
            {
                return version;
            }
        }
    }

    /// <summary>Ends when there is a version beyond <paramref name="seen"/>, or the store closes.</summary>
    public Task BeyondAsync(long seen)
    {
        lock (gate)
        {
            return IsClosed || version > seen ? Task.CompletedTask : next.Task;
        }
    }

    /// <summary><paramref name="reached"/> is on disk.</summary>
    public void Advance(long reached)
    {
        TaskCompletionSource waiters;
        lock (gate)
        {
            if (reached <= version)
            {
                return;
            }

            version = reached;
            (waiters, next) = (next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        waiters.SetResult();
    }

    /// <summary>Wakes all, for the last time.</summary>
    public void Close()
    {
        lock (gate)
        {
            IsClosed = true;
        }

        next.TrySetResult();
    }
}
