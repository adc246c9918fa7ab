using Harmony.Fleet.Adapters.Sqlite.Opening;
using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Adapters.Sqlite.Reading;

/// <summary>Copies the database by a connection of its own, which is open from the beginning: what the store holds is copied, also when its file was removed or replaced.</summary>
/// <param name="connection">The connection; this one's to dispose.</param>
internal sealed class Copier(SqliteConnection connection) : IDisposable
{
    private readonly Lock gate = new();
    private bool closed;

    /// <summary>Writes a copy, and looks it over.</summary>
    /// <param name="path">An empty file.</param>
    /// <param name="known">The version that it has to have reached.</param>
    /// <returns>Null; or what is wrong with the copy, in one sentence.</returns>
    /// <exception cref="SqliteException">It cannot be read or written.</exception>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public string? Copy(string path, long known)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            using var copy = connection.CreateCommand();
            copy.CommandText = "VACUUM INTO $path";
            copy.Parameters.AddWithValue("$path", path);
            copy.ExecuteNonQuery();
        }

        using var copied = DatabaseFile.Connect(path);
        MarkRecord.Clear(copied);
        return SchemaGuard.Problem(copied, path, Migrations.All)?.Reason
            ?? (Snapshot.Version(copied) is var reached && reached < known
                ? $"The copy {path} is of no use: it holds the store as of resourceVersion {reached}, and {known} was acknowledged."
                : null);
    }

    /// <summary>Breaks a copy off that is being made.</summary>
    public void Dispose()
    {
        // There is none any more where it was disposed of before.
        if (connection.Handle is { } open)
        {
            SQLitePCL.raw.sqlite3_interrupt(open);
        }

        lock (gate)
        {
            closed = true;
            connection.Dispose();
        }
    }
}
