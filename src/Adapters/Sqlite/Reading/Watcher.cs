using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Harmony.Fleet.Adapters.Sqlite.Opening;
using Harmony.Fleet.Adapters.Sqlite.Writing;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Adapters.Sqlite.Reading;

/// <summary>
/// One watch: a place in the log of events, which it reads in small batches at its reader's pace. When the log has moved on
/// beyond that place, the watch is gone.
/// </summary>
/// <typeparam name="T">The resource's type.</typeparam>
/// <param name="readers">Where it reads.</param>
/// <param name="signal">What wakes it.</param>
/// <param name="selection">What it shows.</param>
/// <param name="bookmarks">How often it says how far it is, when it has nothing else to say.</param>
/// <param name="clock">The time.</param>
/// <param name="logger">Where it says what it leaves out.</param>
internal sealed partial class Watcher<T>(
    ReaderPool readers, VersionSignal signal, Selection<T> selection, TimeSpan bookmarks, TimeProvider clock, ILogger logger)
    where T : class, IResource
{
    private const int MaxBatchEvents = 128;
    private const int PageLength = 256;
    private long position;
    private long told;

    /// <summary>All that is there now, each as Added, a bookmark, and then changes.</summary>
    public async IAsyncEnumerable<WatchEvent<T>> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ContinueToken? token = null;
        do
        {
            var page = await readers.ReadAsync(connection => Pager.Page(connection, selection, PageLength, token), cancellationToken);
            if (page is not ListOutcome<T>.Ok { List: var list, Unreadable: var unreadable })
            {
                yield return Missed();
                yield break;
            }

            foreach (var one in unreadable)
            {
                LogLeftOut(logger, selection.Type.Kind, one);
            }

            foreach (var resource in list.Items)
            {
                yield return new WatchEvent<T>.Added(resource);
            }

            position = long.Parse(list.Metadata.ResourceVersion!, CultureInfo.InvariantCulture);
            token = list.Metadata.Continue is { } text && ContinueToken.TryParse(text, out var next) ? next : null;
        }
        while (token is not null);
        yield return Bookmark();
        await foreach (var change in ChangesAsync(cancellationToken))
        {
            yield return change;
        }
    }

    /// <summary>Changes after a version.</summary>
    public IAsyncEnumerable<WatchEvent<T>> AfterAsync(long version, CancellationToken cancellationToken)
    {
        position = told = version;
        return ChangesAsync(cancellationToken);
    }

    private async IAsyncEnumerable<WatchEvent<T>> ChangesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var bookmarkAt = clock.GetUtcNow() + bookmarks;
        while (true)
        {
            if (await readers.ReadAsync(Batch, cancellationToken) is not { } batch)
            {
                yield return Missed();
                yield break;
            }

            foreach (var change in batch)
            {
                position = change.Version;
                if (Seen(change) is { } seen)
                {
                    told = position;
                    yield return seen;
                }
            }

            if (told < position && clock.GetUtcNow() >= bookmarkAt)
            {
                yield return Bookmark();
            }

            if (told == position)
            {
                bookmarkAt = clock.GetUtcNow() + bookmarks;
            }

            if (signal.IsClosed)
            {
                yield return new WatchEvent<T>.Gone("The store was closed.");
                yield break;
            }

            await WaitAsync(bookmarkAt, cancellationToken);
        }
    }

    private WatchEvent<T>? Seen(StoredEvent change)
    {
        try
        {
            return EventFilter.Seen(selection, change);
        }
        catch (JsonException unreadable)
        {
            LogSkipped(logger, change.Version, selection.Type.Kind, unreadable.Message);
            return null;
        }
    }

    /// <summary>The next events; null where some are forgotten already, or the store was taken back to before.</summary>
    private List<StoredEvent>? Batch(SqliteConnection connection) =>
        position < Snapshot.Forgotten(connection) || position > Snapshot.Version(connection)
            ? null
            : Snapshot.Events(connection, selection.Type.Kind, selection.Namespace, position, MaxBatchEvents);

    private WatchEvent<T> Bookmark()
    {
        told = position;
        return new WatchEvent<T>.Bookmark(position.ToString(CultureInfo.InvariantCulture));
    }

    private static WatchEvent<T> Missed() => new WatchEvent<T>.Gone("Changes were missed, since the store keeps only the newest ones: list again.");

    /// <summary>Until there is something to read, or a bookmark to give.</summary>
    private async Task WaitAsync(DateTimeOffset bookmarkAt, CancellationToken cancellationToken)
    {
        var wake = signal.BeyondAsync(position);
        if (told == position)
        {
            await wake.WaitAsync(cancellationToken);
            return;
        }

        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var left = bookmarkAt - clock.GetUtcNow();
        await Task.WhenAny(wake, Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, timer.Token));
        await timer.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
