using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Adapters.Sqlite.Opening;

/// <summary>What one process at a time holds of a store: the lock file beside the database, and the database itself, which is held also where that file was removed.</summary>
/// <param name="file">The lock file.</param>
internal sealed class StoreLock(LockFile file) : IDisposable
{
    private ByteLock? database;

    /// <summary>Takes the database, which is there.</summary>
    /// <returns>Whether nobody else has it.</returns>
    /// <exception cref="IOException">It cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be used.</exception>
    public bool TryTakeDatabase(string path) => (database = ByteLock.TryTake(path)) is not null;

    /// <summary>After all connections: to close any file of the database frees what SQLite locked of it, in the whole process.</summary>
    public void Dispose()
    {
        database?.Dispose();
        file.Dispose();
    }
}
