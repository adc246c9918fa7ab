using System.Collections.Immutable;
using System.Threading.Channels;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Operator.Control.Work;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Control.Feeds;

/// <summary>All resources of a kind, then their changes; and all of them again from time to time, because a watch is a hint.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
internal sealed partial class ResourceFeed<T>(
    IResourceStore store,
    ResourceType<T> type,
    AnswerCount answers,
    ChannelWriter<ControlEvent> events,
    ControlOptions options,
    TimeProvider time,
    Random random,
    ILogger logger)
    where T : class, IResource
{
    private const int PageSize = 500;
    private const int MostTold = 5;
    private int failures;

    /// <summary>Feeds until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await ListAsync(cancellationToken) is { } version)
            {
                failures = 0;
                await WatchAsync(version, cancellationToken);
            }
            else
            {
                await Task.Delay(options.BackOff.After(++failures, random.NextDouble()), time, cancellationToken);
            }
        }
    }

    private async Task<string?> ListAsync(CancellationToken cancellationToken)
    {
        var resources = ImmutableArray.CreateBuilder<T>();
        var unreadable = ImmutableArray.CreateBuilder<UnreadableResource>();
        string? position = null;
        var before = answers.Now;
        do
        {
            var outcome = await store.ListAsync(type, new ListOptions { Limit = PageSize, Continue = position }, cancellationToken);
            if (outcome is not ListOutcome<T>.Ok page)
            {
                LogNotListed(logger, type.Plural, outcome);
                return null;
            }

            resources.AddRange(page.List.Items);
            unreadable.AddRange(page.Unreadable);
            (position, var version) = (page.List.Metadata.Continue, page.List.Metadata.ResourceVersion);
            if (position is null)
            {
                Tell(unreadable.ToImmutable());
                await events.WriteAsync(
                    new ControlEvent.Listed<T>(resources.ToImmutable(), [.. unreadable.Select(one => one.Key)], before), cancellationToken);
                return version ?? string.Empty;
            }
        }
        while (true);
    }

    private void Tell(ImmutableArray<UnreadableResource> unreadable)
    {
        if (!unreadable.IsEmpty)
        {
            LogUnreadable(logger, type.Plural, unreadable.Length, string.Join("; ", unreadable.Take(MostTold)));
        }
    }

    private async Task WatchAsync(string version, CancellationToken cancellationToken)
    {
        // Between half and all of the interval, so that not everything is listed at the same moment.
        using var relist = new CancellationTokenSource(options.ResyncInterval * (0.5 + (random.NextDouble() / 2)), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(relist.Token, cancellationToken);
        try
        {
            await foreach (var happened in store.WatchAsync(type, new WatchOptions { ResourceVersion = version }, either.Token))
            {
                if (await PassOnAsync(happened, cancellationToken))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time to list again.
        }
    }

    private async Task<bool> PassOnAsync(WatchEvent<T> happened, CancellationToken cancellationToken)
    {
        switch (happened)
        {
            case WatchEvent<T>.Added added:
                await events.WriteAsync(new ControlEvent.Seen<T>(added.Resource), cancellationToken);
                return false;
            case WatchEvent<T>.Modified modified:
                await events.WriteAsync(new ControlEvent.Seen<T>(modified.Resource), cancellationToken);
                return false;
            case WatchEvent<T>.Deleted deleted:
                await events.WriteAsync(new ControlEvent.Gone<T>(deleted.Resource), cancellationToken);
                return false;
            case WatchEvent<T>.Gone gone:
                LogWatchGone(logger, type.Plural, gone.Reason);
                return true;
            default:
                return false;
        }
    }
}
