using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Harmony.Fleet.Adapters.Sqlite.Native;
using Harmony.Fleet.Adapters.Sqlite.Opening;
using Harmony.Fleet.Adapters.Sqlite.Reading;
using Harmony.Fleet.Adapters.Sqlite.Writing;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Resources;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Ports.State;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Adapters.Sqlite;

/// <summary>
/// Resources and leadership terms in one SQLite file. An outcome that says done was fsynced. One process at a time; within it any
/// number of callers. resourceVersion counts all changes of all kinds.
/// </summary>
public sealed partial class SqliteStore : IResourceStore, ILeadership, IAsyncDisposable
{
    private readonly SqliteStoreOptions options;
    private readonly StoreLock held;
    private readonly ReaderPool readers;
    private readonly Copier copier;
    private readonly VersionSignal signal;
    private readonly Writer writer;
    private readonly TimeProvider clock;
    private readonly Func<Guid> newUid;
    private readonly ILogger logger;
    private volatile LostWrites? lost;

    private SqliteStore(
        SqliteStoreOptions options,
        StoreLock held,
        ReaderPool readers,
        Copier copier,
        VersionSignal signal,
        Writer writer,
        TimeProvider clock,
        Func<Guid> newUid,
        ILogger logger,
        LostWrites? lost)
    {
        (this.options, this.held, this.readers, this.copier, this.signal, this.writer) = (options, held, readers, copier, signal, writer);
        (this.clock, this.newUid, this.logger, this.lost) = (clock, newUid, logger, lost);
    }

    /// <inheritdoc/>
    public Task<StoreOutcome<T>> CreateAsync<T>(ResourceType<T> type, T resource, CancellationToken cancellationToken)
        where T : class, IResource
    {
        var uid = newUid().ToString();
        return WriteAsync(
            type, ResourceKey.Of(resource.Metadata), stored => ResourceWrites.Create(type, stored, resource, uid, clock.GetUtcNow()), cancellationToken, uid);
    }

    /// <inheritdoc/>
    public Task<StoreOutcome<T>> RestoreAsync<T>(ResourceType<T> type, T resource, CancellationToken cancellationToken)
        where T : class, IResource
    {
        var uid = resource.Metadata.Uid ?? string.Empty;
        return JudgeAsync(
            type,
            session => WrittenResource.Apply(
                session,
                RowKey.Of(type.Kind, ResourceKey.Of(resource.Metadata)),
                uid,
                stored => ResourceWrites.Restore(type, stored, resource, session.IsRemoved(RowKey.Of(type.Kind, ResourceKey.Of(resource.Metadata)), uid), clock.GetUtcNow())),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<StoreOutcome<T>> GetAsync<T>(ResourceType<T> type, ResourceKey key, CancellationToken cancellationToken)
        where T : class, IResource =>
        ReadAsync<StoreOutcome<T>>(
            connection => Snapshot.Find(connection, RowKey.Of(type.Kind, key)) is { } stored
                ? new StoreOutcome<T>.Ok(stored.Read(type))
                : new StoreOutcome<T>.NotFound(),
            reason => new StoreOutcome<T>.Unavailable(reason),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<ListOutcome<T>> ListAsync<T>(ResourceType<T> type, ListOptions options, CancellationToken cancellationToken)
        where T : class, IResource
    {
        if (Selection<T>.TryParse(type, options.Namespace, options.LabelSelector, out var problem) is not { } selection)
        {
            return new ListOutcome<T>.Invalid(problem);
        }

        if (options.Limit < 0)
        {
            return new ListOutcome<T>.Invalid($"limit: {options.Limit} is negative; use 0 for no limit.");
        }

        ContinueToken? token = null;
        if (!string.IsNullOrEmpty(options.Continue))
        {
            if (!ContinueToken.TryParse(options.Continue, out var parsed))
            {
                return new ListOutcome<T>.Invalid("continue: it is none of this store's; use what the last page gave.");
            }

            token = parsed;
        }

        return await ReadAsync(
            connection => Pager.Page(connection, selection, options.Limit, token), reason => new ListOutcome<T>.Unavailable(reason), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<StoreOutcome<T>> UpdateAsync<T>(ResourceType<T> type, T resource, CancellationToken cancellationToken)
        where T : class, IResource =>
        WriteAsync(type, ResourceKey.Of(resource.Metadata), stored => ResourceWrites.Update(type, stored, resource), cancellationToken);

    /// <inheritdoc/>
    public Task<StoreOutcome<T>> PatchStatusAsync<T, TStatus>(
        ResourceType<T, TStatus> type, ResourceRevision revision, TStatus status, CancellationToken cancellationToken)
        where T : class, IResource
        where TStatus : class =>
        WriteAsync(
            type, revision.Key, stored => ResourceWrites.PatchStatus(type, stored, revision.Uid, revision.ResourceVersion, status), cancellationToken);

    /// <inheritdoc/>
    public Task<StoreOutcome<T>> PatchFinalizersAsync<T>(
        ResourceType<T> type, ResourceRevision revision, ImmutableArray<string> finalizers, CancellationToken cancellationToken)
        where T : class, IResource =>
        WriteAsync(
            type, revision.Key, stored => ResourceWrites.PatchFinalizers(type, stored, revision.Uid, revision.ResourceVersion, finalizers), cancellationToken);

    /// <inheritdoc/>
    public Task<StoreOutcome<T>> DeleteAsync<T>(ResourceType<T> type, ResourceKey key, DeletePreconditions preconditions, CancellationToken cancellationToken)
        where T : class, IResource =>
        WriteAsync(
            type, key, stored => ResourceWrites.Delete(type, stored, preconditions.Uid, preconditions.ResourceVersion, clock.GetUtcNow()), cancellationToken);

    /// <inheritdoc/>
    public Task<RemovedOutcome> FindRemovedAsync<T>(ResourceType<T> type, ImmutableArray<LostResource> asked, CancellationToken cancellationToken)
        where T : class, IResource =>
        ReadAsync(connection => Snapshot.Removed(connection, type.Kind, asked), reason => new RemovedOutcome.Unavailable(reason), cancellationToken);

    /// <inheritdoc/>
    public async Task<RemovedOutcome> DeclareRemovedAsync<T>(ResourceType<T> type, ImmutableArray<LostResource> lost, CancellationToken cancellationToken)
        where T : class, IResource
    {
        var written = await writer.WriteAsync(
            session =>
            {
                foreach (var one in lost)
                {
                    session.DeclareRemoved(RowKey.Of(type.Kind, one.Key), one.Uid);
                }

                return true;
            },
            cancellationToken);
        return written.Failure is { } reason ? new RemovedOutcome.Unavailable(reason) : await FindRemovedAsync(type, lost, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        ResourceType<T> type, WatchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IResource
    {
        if (Selection<T>.TryParse(type, options.Namespace, options.LabelSelector, out var problem) is not { } selection)
        {
            yield return new WatchEvent<T>.Gone(problem);
            yield break;
        }

        var watcher = new Watcher<T>(readers, signal, selection, this.options.BookmarkInterval, clock, logger);
        IAsyncEnumerable<WatchEvent<T>> events;
        if (string.IsNullOrEmpty(options.ResourceVersion))
        {
            events = watcher.AllAsync(cancellationToken);
        }
        else if (long.TryParse(options.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            events = watcher.AfterAsync(version, cancellationToken);
        }
        else
        {
            yield return new WatchEvent<T>.Gone("resourceVersion: it is none of this store's; use what a list or a resource gave.");
            yield break;
        }

        await using var enumerator = events.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            var next = await NextAsync(enumerator);
            if (next is not null)
            {
                yield return next;
            }

            if (next is null or WatchEvent<T>.Gone)
            {
                yield break;
            }
        }
    }

    /// <summary>The file is locked as long as this process lives, paused or not: nobody else can lead meanwhile.</summary>
    public TimeSpan Remaining => TimeSpan.MaxValue;

    /// <inheritdoc/>
    public async Task<long> BeginTermAsync(CancellationToken cancellationToken)
    {
        var result = await writer.WriteAsync(session => session.NextTerm(), cancellationToken);
        return result.Failure is null ? result.Value : throw new IOException(result.Failure);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Before the others: SQLite takes the log into the database with the last connection that closes, unless that one was interrupted.
        copier.Dispose();
        await writer.DisposeAsync();
        signal.Close();
        readers.Dispose();
        held.Dispose();
    }

    private async Task<WatchEvent<T>?> NextAsync<T>(IAsyncEnumerator<WatchEvent<T>> events)
        where T : class, IResource
    {
        try
        {
            return await events.MoveNextAsync() ? events.Current : null;
        }
        catch (Exception error) when (Reason(error) is not null)
        {
            return new WatchEvent<T>.Gone(Reason(error)!);
        }
    }

    private Task<StoreOutcome<T>> WriteAsync<T>(
        ResourceType<T> type, ResourceKey key, Func<StoredResource?, WriteDecision> decide, CancellationToken cancellationToken, string newUid = "")
        where T : class, IResource =>
        JudgeAsync(type, session => WrittenResource.Apply(session, RowKey.Of(type.Kind, key), newUid, decide), cancellationToken);

    private async Task<StoreOutcome<T>> JudgeAsync<T>(ResourceType<T> type, Func<WriteSession, WrittenResource> write, CancellationToken cancellationToken)
        where T : class, IResource
    {
        var result = await writer.WriteAsync(write, cancellationToken);
        try
        {
            return result.Failure is { } reason ? new StoreOutcome<T>.Unavailable(reason) : result.Value!.Outcome(type);
        }
        catch (JsonException unreadable)
        {
            return new StoreOutcome<T>.Unavailable(Reason(unreadable)!);
        }
    }

    private async Task<TOutcome> ReadAsync<TOutcome>(
        Func<SqliteConnection, TOutcome> read, Func<string, TOutcome> unavailable, CancellationToken cancellationToken)
    {
        try
        {
            return await readers.ReadAsync(read, cancellationToken);
        }
        catch (Exception error) when (Reason(error) is not null)
        {
            return unavailable(Reason(error)!);
        }
    }

    private string? Reason(Exception error) => error switch
    {
        SqliteException failure => SqliteFailure.Sentence(failure, options.Path),
        JsonException unreadable => $"What is stored in {options.Path} is not readable: {unreadable.Message}",
        MovedFileException moved => moved.Message,
        ObjectDisposedException => $"The store {options.Path} is closed.",
        _ => null,
    };
}
