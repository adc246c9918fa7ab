using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Harmony.Fleet.Adapters.Sqlite.Native;

/// <summary>SQLite's error codes as sentences that say what to do.</summary>
internal static class SqliteFailure
{
    /// <summary>One sentence on <paramref name="error"/> of the database at <paramref name="path"/>.</summary>
    public static string Sentence(SqliteException error, string path) => Sentence(error.SqliteErrorCode, error.Message, path);

    /// <summary>One sentence on the primary error <paramref name="code"/>.</summary>
    public static string Sentence(int code, string message, string path) => code switch
    {
        raw.SQLITE_FULL => $"The disk of {path} is full: make room.",
        raw.SQLITE_READONLY => $"The database {path} cannot be written: check its rights, and that its file system is not mounted read-only.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"The database {path} is locked by another program: close it.",
        raw.SQLITE_CANTOPEN => $"The database {path} cannot be opened: check that its folder exists, and the rights.",
        raw.SQLITE_PERM or raw.SQLITE_AUTH => $"The database {path} cannot be used: check the rights.",
        raw.SQLITE_IOERR => $"The disk of {path} failed to read or write: check the disk ({message}).",
        raw.SQLITE_NOTADB => $"The file {path} is no SQLite database; it was left as it is: restore it from a backup, or move it away.",
        raw.SQLITE_CORRUPT => $"The database {path} is damaged; it was left as it is: restore it from a backup, or move it away ({message}).",
        _ => $"The database {path} failed: {message}",
    };
}
