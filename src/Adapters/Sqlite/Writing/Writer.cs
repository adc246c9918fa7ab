using System.Threading.Channels;
using Harmony.Fleet.Adapters.Sqlite.Native;
using Harmony.Fleet.Adapters.Sqlite.Opening;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Adapters.Sqlite.Writing;

/// <summary>
/// The one writer, on a thread of its own. Writes that wait while the disk is busy share the next transaction, and so its fsync.
/// </summary>
internal sealed partial class Writer : IAsyncDisposable
{
    /// <summary>The most writes that may wait; more wait outside.</summary>
    private const int QueueLength = 4_096;

    /// <summary>The most writes of one transaction.</summary>
    private const int MaxBatch = 512;

    /// <summary>No time at which a write began.</summary>
    private const long None = long.MinValue;

    /// <summary>A write that takes longer is told of: as a rule it is one of milliseconds.</summary>
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(10);

    private readonly Channel<IWrite> queue = Channel.CreateBounded<IWrite>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WriteSession session;
    private readonly VersionSignal signal;
    private readonly StoreFiles files;
    private readonly LogLimit log;
    private readonly string path;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private long begun = None;
    private volatile string? problem;
    private string? toldMarkProblem;
    private string? toldFileProblem;

    public Writer(WriteSession session, VersionSignal signal, StoreFiles files, LogLimit log, string path, TimeProvider clock, ILogger logger)
    {
        (this.session, this.signal, this.files, this.log, this.path) = (session, signal, files, log, path);
        (this.clock, this.logger) = (clock, logger);
        new Thread(Run) { IsBackground = true, Name = "sqlite-writer" }.Start();
    }

    /// <summary>Why the last transaction failed, was not acknowledged, or could not be marked, or that one does not end; null where all went well.</summary>
    public string? Problem => Silence() ?? problem;

    /// <summary>Writes, durably.</summary>
    public async Task<WriteResult<T>> WriteAsync<T>(Func<WriteSession, T> apply, CancellationToken cancellationToken)
    {
        var write = new Write<T>(apply, cancellationToken);
        try
        {
            await queue.Writer.WriteAsync(write, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return new WriteResult<T>(default, $"The store {path} is closed.");
        }

        return await write.Completion;
    }

    /// <summary>Ends after all that waits is written.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await ended.Task;
    }

    private void Run()
    {
        try
        {
            while (Next() is { } first)
            {
                Volatile.Write(ref begun, clock.GetTimestamp());
                Commit(Gather(first));
                log.Look(session, Wake);
                Volatile.Write(ref begun, None);
            }
        }
        finally
        {
            queue.Writer.TryComplete();
            log.Dispose();
            session.Dispose();
            ended.SetResult();
        }
    }

    /// <summary>A disk that hangs fails nothing, and answers nothing.</summary>
    private string? Silence() => Volatile.Read(ref begun) is not None and var since && clock.GetElapsedTime(since) is var silent && silent >= MaxSilence
        ? $"No write was answered for {(long)silent.TotalSeconds} s: the disk of {path} hangs, or the network volume that it is on. What waits is written when it answers again."
        : null;

    /// <summary>A write of nothing. Where there is no room for one, others come.</summary>
    private void Wake() => queue.Writer.TryWrite(new Write<bool>(_ => true, CancellationToken.None));

    private IWrite? Next()
    {
        // This thread has nothing else to do, and no context that could deadlock.
        while (Wait(queue.Reader.WaitToReadAsync(CancellationToken.None).AsTask()))
        {
            if (queue.Reader.TryRead(out var write))
            {
                return write;
            }
        }

        return null;
    }

    // Waiting for a task looks for its end in circles first, between each two transactions: that is a third of a processor where many write.
    private static bool Wait(Task<bool> task)
    {
        if (!task.IsCompleted)
        {
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        }

        return task.GetAwaiter().GetResult();
    }

    private List<IWrite> Gather(IWrite first)
    {
        var batch = new List<IWrite>();
        for (var write = first; ; )
        {
            if (!write.TryCancel())
            {
                batch.Add(write);
            }

            if (batch.Count == MaxBatch || !queue.Reader.TryRead(out write!))
            {
                return batch;
            }
        }
    }

    private void Commit(List<IWrite> batch)
    {
        if (batch.Count == 0 || IsRefused(batch))
        {
            return;
        }

        try
        {
            session.Begin();
            batch.ForEach(write => write.Apply(session));
            session.Commit();
        }
        catch (SqliteException error)
        {
            Undo(batch, SqliteFailure.Sentence(error, path), error);
            return;
        }
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            // One write that is a bug must end neither the writer nor its neighbours: each is tried by itself.
            Undo(batch.Count == 1 ? batch : [], $"The store failed: {bug.Message}", bug);
            if (batch.Count > 1)
            {
                batch.ForEach(write => Commit([write]));
            }

            return;
        }

        if (IsRefused(batch))
        {
            return;
        }

        problem = MarkProblem();
        signal.Advance(session.Version);
        batch.ForEach(write => write.Committed());
    }

    /// <summary>Fails writes whose file is no longer the one that the next program would open.</summary>
    private bool IsRefused(List<IWrite> batch)
    {
        var present = files.Problem();
        if (present is not null && present != toldFileProblem)
        {
            LogMoved(present);
        }

        toldFileProblem = present;
        if (present is null)
        {
            return false;
        }

        problem = present;
        batch.ForEach(write => write.Failed(present));
        return true;
    }

    private string? MarkProblem()
    {
        var present = session.MarkProblem;
        if (present is not null && present != toldMarkProblem)
        {
            LogUnmarked(present);
        }

        toldMarkProblem = present;
        return present is null ? null : $"The mark beside the database {path} cannot be written, so that acknowledged writes that are lost would not be known: {present}";
    }

    private void Undo(List<IWrite> failed, string reason, Exception error)
    {
        session.Rollback();
        problem = error is SqliteException ? reason : problem;
        LogUndone(failed.Count, reason, error);
        failed.ForEach(write => write.Failed(reason));
    }
}
