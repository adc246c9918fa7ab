using Harmony.Fleet.Adapters.Sqlite.Native;
using Harmony.Fleet.Adapters.Sqlite.Opening;
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
            using var connection = DatabaseFile.Connect(options.Path);
            using var copy = connection.CreateCommand();
            copy.CommandText = "VACUUM INTO $path";
            copy.Parameters.AddWithValue("$path", path);
            copy.ExecuteNonQuery();
            using var copied = DatabaseFile.ConnectForReading(path);
            return SchemaGuard.Problem(copied, path, Migrations.All)?.Reason;
        }
        catch (SqliteException error)
        {
            return SqliteFailure.Sentence(error, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"The copy {path} cannot be written: {error.Message}";
        }
    }
}
