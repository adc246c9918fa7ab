using Harmony.Fleet.Adapters.Sqlite.Opening;
using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Adapters.Sqlite.Writing;

/// <summary>
/// Brings the write-ahead log down when it is beyond its limit. SQLite begins it anew only in a moment in which nobody reads, and where one list follows another there
/// is none: then new reads wait until those that run have ended. Writes go on meanwhile. Used by the writer's thread.
/// </summary>
/// <param name="readers">Who reads.</param>
/// <param name="files">Where the log is.</param>
/// <param name="most">The limit in bytes.</param>
/// <param name="clock">The time.</param>
internal sealed class LogLimit(ReaderPool readers, StoreFiles files, long most, TimeProvider clock) : IDisposable
{
    /// <summary>How long reads wait for one that does not end.</summary>
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(10);

    /// <summary>How long they do not wait again where that was in vain, as while a copy is made.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(10);

    private Task<bool>? pause;
    private long? failedAt;

    /// <summary>Looks at the log, between two transactions.</summary>
    /// <param name="session">What writes.</param>
    /// <param name="wake">Has this called again, by any thread, where nobody reads any more.</param>
    public void Look(WriteSession session, Action wake)
    {
        if (pause is null && IsDue())
        {
            pause = readers.PauseAsync(MaxPause);
            if (!pause.IsCompleted)
            {
                pause.GetAwaiter().OnCompleted(wake);
            }
        }

        if (pause is { IsCompleted: true } over)
        {
            pause = null;
            failedAt = over.GetAwaiter().GetResult() && Empty(session) ? null : clock.GetTimestamp();
        }
    }

    /// <summary>Lets read again.</summary>
    public void Dispose()
    {
        if (pause is { } open)
        {
            pause = null;
            open.GetAwaiter().OnCompleted(() =>
            {
                if (open.GetAwaiter().GetResult())
                {
                    readers.Resume();
                }
            });
        }
    }

    private bool IsDue() => (failedAt is not { } at || clock.GetElapsedTime(at) >= RetryInterval) && files.LogBytes > most;

    private bool Empty(WriteSession session)
    {
        try
        {
            return session.EmptyLog();
        }
        catch (SqliteException)
        {
            // What is wrong with the disk is told by the next write.
            return false;
        }
        finally
        {
            readers.Resume();
        }
    }
}
