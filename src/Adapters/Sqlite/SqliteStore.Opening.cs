using System.Collections.Immutable;
using Harmony.Fleet.Adapters.Sqlite.Native;
using Harmony.Fleet.Adapters.Sqlite.Opening;
using Harmony.Fleet.Adapters.Sqlite.Reading;
using Harmony.Fleet.Adapters.Sqlite.Writing;
using Harmony.Fleet.Disks;
using Harmony.Fleet.Ports.Resources;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Adapters.Sqlite;

public sealed partial class SqliteStore
{
    /// <summary>Opens the store, and makes it where there is none. What cannot be opened is left as it is.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="clock">The time.</param>
    /// <param name="newUid">Where uids come from.</param>
    /// <param name="logger">Where it logs.</param>
    public static OpenOutcome Open(SqliteStoreOptions options, TimeProvider clock, Func<Guid> newUid, ILogger<SqliteStore> logger) =>
        Open(options, Migrations.All, clock, newUid, logger);

    internal static OpenOutcome Open(
        SqliteStoreOptions options, ImmutableArray<Migration> migrations, TimeProvider clock, Func<Guid> newUid, ILogger<SqliteStore> logger)
    {
        if (SqliteLibrary.Problem() is { } missing)
        {
            return new OpenOutcome.Refused(OpenRefusal.NoLibrary, missing);
        }

        StoreLock? taken = null;
        try
        {
            new PosixDisk().MakeFolder(Path.GetDirectoryName(Path.GetFullPath(options.Path))!);
            var lockFile = options.Path + ".lock";
            if (LockFile.TryTake(lockFile) is not { } file)
            {
                return new OpenOutcome.Refused(
                    OpenRefusal.Held, $"The store {options.Path} is in use by {LockFile.Holder(lockFile)}: stop that first, or choose another data folder.");
            }

            taken = new StoreLock(file);
            var outcome = OpenHeld(options, taken, migrations, clock, newUid, logger);
            taken = outcome is OpenOutcome.Opened ? null : taken;
            return outcome;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new OpenOutcome.Refused(OpenRefusal.Unusable, $"The store {options.Path} cannot be opened: {error.Message}");
        }
        finally
        {
            taken?.Dispose();
        }
    }

    /// <summary>Makes an empty file where there is none, for its owner alone. What is there already keeps its rights.</summary>
    private static void MakeFile(string path) => new FileStream(
        path,
        new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }).Dispose();

    private static OpenOutcome OpenHeld(
        SqliteStoreOptions options, StoreLock taken, ImmutableArray<Migration> migrations, TimeProvider clock, Func<Guid> newUid, ILogger logger)
    {
        if (DatabaseFile.Problem(options.Path) is { } torn)
        {
            return new OpenOutcome.Refused(OpenRefusal.Damaged, torn);
        }

        SqliteConnection? connection = null;
        SqliteConnection? copying = null;
        VersionMark? mark = null;
        try
        {
            // SQLite gives the files beside it the rights of the database.
            MakeFile(options.Path);
            if (!taken.TryTakeDatabase(options.Path))
            {
                return new OpenOutcome.Refused(
                    OpenRefusal.Held, $"The store {options.Path} is in use by another process, whose lock file was removed or has another path: stop that first, or choose another data folder.");
            }

            var before = FileIdentity.At(options.Path);
            connection = DatabaseFile.Connect(options.Path);
            if (SchemaGuard.Problem(connection, options.Path, migrations) is { } problem)
            {
                return new OpenOutcome.Refused(problem.Cause, problem.Reason);
            }

            DatabaseFile.MakeDurable(connection, options.MaxLogBytes, options.MaxFileBytes);
            SchemaGuard.Migrate(connection, migrations, clock.GetUtcNow());
            mark = options.IsMarked ? VersionMark.Open(options.Path) : null;
            var files = StoreFiles.Of(options.Path, before);
            copying = files.ConnectForReading();
            SchemaGuard.Execute(copying, "PRAGMA query_only = OFF");
            var found = LostWritesRecord.Check(connection, mark, clock.GetUtcNow());
            if (found is not null)
            {
                LogFound(logger, options.Path, found);
            }

            var retention = new EventRetention(connection, options.MaxEvents, options.MaxEventBytes, options.MaxEventAge);
            var tombstones = new Tombstones(connection, options.MaxTombstones, options.MaxTombstoneAge, clock);
            var session = new WriteSession(connection, retention, tombstones, clock, mark);
            var backup = new Copier(copying);
            (connection, copying, mark) = (null, null, null);
            session.Mark();
            session.RecordMark();
            var wake = new VersionSignal(session.Version);
            var pool = new ReaderPool(files.ConnectForReading, ReaderPool.SizeOn(Environment.ProcessorCount));
            var ofStore = new Writer(session, wake, files, new LogLimit(pool, files, options.MaxLogBytes, clock), options.Path, clock, logger);
            return new OpenOutcome.Opened(new SqliteStore(options, taken, pool, backup, wake, ofStore, clock, newUid, logger, found));
        }
        catch (SqliteException error)
        {
            var cause = error.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB ? OpenRefusal.Damaged : OpenRefusal.Unusable;
            return new OpenOutcome.Refused(cause, SqliteFailure.Sentence(error, options.Path));
        }
        finally
        {
            connection?.Dispose();
            copying?.Dispose();
            mark?.Dispose();
        }
    }

    private static void LogFound(ILogger logger, string path, LostWrites found)
    {
        if (!found.IsCertain)
        {
            LogUnknown(logger, path, found.From);
        }
        else if (found.From == found.Until)
        {
            LogOlderTerm(logger, path, found.From);
        }
        else
        {
            LogLost(logger, path, found.From, found.Until);
        }
    }

    [LoggerMessage(3004, LogLevel.Critical, "The store {Path} lost acknowledged writes: it was known to be at version {Until}, and is at {From}. It counts as an older copy: see 'fleet recover'")]
    private static partial void LogLost(ILogger logger, string path, long from, long until);

    [LoggerMessage(3007, LogLevel.Critical, "The store {Path} lost acknowledged writes: it is at version {From}, as was known, but of an older term. It counts as an older copy: see 'fleet recover'")]
    private static partial void LogOlderTerm(ILogger logger, string path, long from);

    [LoggerMessage(3008, LogLevel.Critical, "The store {Path} may have lost acknowledged writes: its mark, which says how far it had come, was missing or not readable, and it is at version {From}. It counts as an older copy: see 'fleet recover'")]
    private static partial void LogUnknown(ILogger logger, string path, long from);
}
