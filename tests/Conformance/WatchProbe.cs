using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Tests.Conformance;

/// <summary>Reads a watch event by event, bookmarks left out.</summary>
public sealed class WatchProbe<T>(IAsyncEnumerable<WatchEvent<T>> events) : IAsyncDisposable
    where T : class, IResource
{
    /// <summary>Only ends a test that would never end.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly IAsyncEnumerator<WatchEvent<T>> enumerator = events.GetAsyncEnumerator();

    /// <summary>The next event, which must be of this kind.</summary>
    public async Task<TEvent> NextAsync<TEvent>()
        where TEvent : WatchEvent<T>
    {
        while (await enumerator.MoveNextAsync().AsTask().WaitAsync(Limit))
        {
            if (enumerator.Current is not WatchEvent<T>.Bookmark || typeof(TEvent) == typeof(WatchEvent<T>.Bookmark))
            {
                return enumerator.Current.ShouldBeOfType<TEvent>();
            }
        }

        throw new ShouldAssertException($"The watch ended before {typeof(TEvent).Name} came.");
    }

    /// <summary>The next change, whatever it is.</summary>
    public async Task<(T Resource, bool Gone)> NextChangeAsync()
    {
        while (await enumerator.MoveNextAsync().AsTask().WaitAsync(Limit))
        {
            switch (enumerator.Current)
            {
                case WatchEvent<T>.Added added:
                    return (added.Resource, false);
                case WatchEvent<T>.Modified modified:
                    return (modified.Resource, false);
                case WatchEvent<T>.Deleted deleted:
                    return (deleted.Resource, true);
                case WatchEvent<T>.Gone gone:
                    throw new ShouldAssertException($"The watch is gone: {gone.Reason}");
            }
        }

        throw new ShouldAssertException("The watch ended before a change came.");
    }

    /// <summary>Nothing follows.</summary>
    public async Task ShouldEndAsync() => (await enumerator.MoveNextAsync().AsTask().WaitAsync(Limit)).ShouldBeFalse();

    public async ValueTask DisposeAsync()
    {
        try
        {
            await enumerator.DisposeAsync();
        }
        catch (NotSupportedException)
        {
            // A step that timed out is still under way: the test has failed by then.
        }
    }
}
