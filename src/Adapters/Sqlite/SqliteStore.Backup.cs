using Harmony.Fleet.Adapters.Sqlite.Native;
using Harmony.Fleet.Ports.Resources;
using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Adapters.Sqlite;

public sealed partial class SqliteStore : IStoreBackup
{
    /// <inheritdoc/>
    public Task<string?> CopyAsync(string path, CancellationToken cancellationToken) => Task.Run(() => Copy(path), cancellationToken);

    private string? Copy(string path)
    {
        try
        {
            // Its owner's alone from the beginning; SQLite writes into a file that is empty.
            MakeFile(path);
            return copier.Copy(path, signal.Version);
        }
        catch (SqliteException error)
        {
            return SqliteFailure.Sentence(error, path);
        }
        catch (ObjectDisposedException closed)
        {
            return Reason(closed);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"The copy {path} cannot be written: {error.Message}";
        }
    }
}
