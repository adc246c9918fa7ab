using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Adapters.Sqlite.Opening;

/// <summary>A few connections that only read. In WAL mode they neither wait for the writer nor hold it up.</summary>
/// <param name="open">Opens one more.</param>
/// <param name="size">How many read at the same time.</param>
internal sealed class ReaderPool(Func<SqliteConnection> open, int size) : IDisposable
{
    private const int Least = 8;

    private readonly SemaphoreSlim free = new(size);
    private readonly ConcurrentBag<SqliteConnection> idle = [];
    private volatile bool closed;

    /// <summary>
    /// How many may read on a machine: more than it has processors, of which all but one may be given to long lists. What is short then has a place beside them; who waits for one holds no
    /// thread.
    /// </summary>
    public static int SizeOn(int processors) => Math.Max(Least, processors + (Least / 2));

    /// <summary>How many places are taken, by who reads or by a pause.</summary>
    public int Running => size - free.CurrentCount;

    /// <summary>Reads within one snapshot of the database.</summary>
    /// <exception cref="SqliteException">The database failed.</exception>
    /// <exception cref="MovedFileException">One more was to be opened, and its file is no longer the store's.</exception>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken)
    {
        await free.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(closed, this);
            var connection = idle.TryTake(out var spare) ? spare : open();
            try
            {
                return Snapshot(connection, read);
            }
            finally
            {
                Return(connection);
            }
        }
        finally
        {
            free.Release();
        }
    }

    /// <summary>Keeps new reads waiting, and ends when those that run have ended, and those that waited before.</summary>
    /// <param name="most">How long it waits for them.</param>
    /// <returns>Whether nobody reads until <see cref="Resume"/>; false where they took longer, and nobody is kept waiting any more.</returns>
    public async Task<bool> PauseAsync(TimeSpan most)
    {
        // All at once: who asks for one place after the other waits behind all who came meanwhile, each time.
        var places = await Task.WhenAll(Enumerable.Range(0, size).Select(_ => free.WaitAsync(most)));
        var taken = places.Count(place => place);
        if (taken > 0 && taken < size)
        {
            free.Release(taken);
        }

        return taken == size;
    }

    /// <summary>Lets read again.</summary>
    public void Resume() => free.Release(size);

    /// <inheritdoc/>
    public void Dispose()
    {
        closed = true;
        while (idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }

    private static T Snapshot<T>(SqliteConnection connection, Func<SqliteConnection, T> read)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        return read(connection);
    }

    private void Return(SqliteConnection connection)
    {
        idle.Add(connection);
        if (closed)
        {
            Dispose();
        }
    }
}
