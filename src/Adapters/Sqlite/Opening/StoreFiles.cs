using Harmony.Fleet.Disks;
using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Adapters.Sqlite.Opening;

/// <summary>
/// Which files the store has open. A file that is removed or replaced under a program stays what that program reads and writes, and is gone when it ends: by this
/// that is known. Used by any thread.
/// </summary>
internal sealed class StoreFiles
{
    private readonly string path;
    private readonly FileIdentity? database;
    private readonly FileIdentity? log;

    private StoreFiles(string path, FileIdentity? database, FileIdentity? log) => (this.path, this.database, this.log) = (path, database, log);

    /// <summary>The files of a database that was opened.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="before">What was there before it was opened.</param>
    public static StoreFiles Of(string path, FileIdentity? before) => new(path, before, FileIdentity.At(Log(path)));

    /// <summary>How large the write-ahead log is; 0 where there is none, or it cannot be told.</summary>
    public long LogBytes
    {
        get
        {
            try
            {
                return new FileInfo(Log(path)) is { Exists: true, Length: var bytes } ? bytes : 0;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return 0;
            }
        }
    }

    /// <summary>What is wrong with them, in one sentence that says what to do; null where the next program finds what this one writes.</summary>
    public string? Problem()
    {
        try
        {
            return FileIdentity.At(path) != database ? Moved($"The database {path}")
                : FileIdentity.At(Log(path)) != log ? Moved($"The write-ahead log {Log(path)}")
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"Whether the database {path} still is the one that was opened is not known, so that nothing is written: {error.Message}";
        }
    }

    /// <summary>Opens the same database once more, for reading only.</summary>
    /// <exception cref="MovedFileException">There is another one by now, or none.</exception>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public SqliteConnection ConnectForReading()
    {
        Demand();
        var connection = DatabaseFile.ConnectForReading(path);
        try
        {
            // SQLite opens the log with the first page that is read.
            _ = SchemaGuard.Number(connection, "SELECT COUNT(*) FROM sqlite_schema");
            Demand();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Looks that they are what they were.</summary>
    /// <exception cref="MovedFileException">They are not.</exception>
    public void Demand()
    {
        if (Problem() is { } problem)
        {
            throw new MovedFileException(problem);
        }
    }

    private static string Log(string path) => path + "-wal";

    private static string Moved(string file) => $"{file} was removed or replaced while this program has it open: nothing more is written. Move it back if it was moved; "
        + "otherwise save what it held with 'fleet backup FILE' before this program ends, for then it is gone, and put that back with 'fleet restore FILE --replace'.";
}
