using System.Collections.Immutable;
using System.Threading.Channels;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Control.Informers;

/// <summary>All resources of a kind, then their changes; and all of them again from time to time, because a watch is a hint.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
/// <param name="store">Where they are.</param>
/// <param name="type">The kind.</param>
/// <param name="told">What the engine is told.</param>
/// <param name="answers">How many answers to writes the engine has heard: what a list is told when it begins.</param>
/// <param name="state">Whether it works.</param>
/// <param name="events">Where to.</param>
/// <param name="options">Times.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Chance, for jitter.</param>
/// <param name="logger">Where failures go.</param>
internal sealed partial class ResourceInformer<T>(
    IResourceStore store,
    ResourceType<T> type,
    ResourceEvents<T> told,
    Func<long> answers,
    InformerState state,
    ChannelWriter<FleetEvent> events,
    ControlOptions options,
    TimeProvider time,
    Random random,
    ILogger logger)
    where T : class, IResource
{
    private const int PageSize = 1000;
    private const int MostTold = 5;
    private readonly BackOffSequence failures = new(options.BackOff, random);

    /// <summary>Tells of them until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await ListAsync(cancellationToken) is { } version)
            {
                failures.Reset();
                state.Works();
                await WatchAsync(version, cancellationToken);
            }
            else
            {
                await Task.Delay(failures.Next(), time, cancellationToken);
            }
        }
    }

    private async Task<string?> ListAsync(CancellationToken cancellationToken)
    {
        var present = ImmutableArray.CreateBuilder<ResourceKey>();
        var unreadable = ImmutableArray.CreateBuilder<UnreadableResource>();
        var (before, reading) = (answers(), ReadAsync(null, cancellationToken));
        while (true)
        {
            var outcome = await reading;
            if (outcome is not ListOutcome<T>.Ok page)
            {
                LogNotListed(logger, type.Plural, outcome);
                state.Failed(outcome is ListOutcome<T>.Unavailable away ? away.Reason : $"{outcome}");
                return null;
            }

            unreadable.AddRange(page.Unreadable);
            var (position, version) = (page.List.Metadata.Continue, page.List.Metadata.ResourceVersion);
            reading = position is null ? reading : ReadAsync(position, cancellationToken);

            // One by one, and none is held: so no single turn of the loop takes in a whole fleet, and one page is taken in while the next is read.
            foreach (var resource in page.List.Items.Where(resource => resource is not null))
            {
                present.Add(ResourceKey.Of(resource.Metadata));
                await events.WriteAsync(told.Seen(resource), cancellationToken);
            }

            if (position is null)
            {
                Tell(unreadable.ToImmutable());
                await events.WriteAsync(told.Listed(present.ToImmutable(), [.. unreadable.Select(one => one.Key)], before), cancellationToken);
                return version ?? string.Empty;
            }
        }
    }

    /// <summary>Reads a page beside whatever else goes on: the store may answer at once, and slowly.</summary>
    private Task<ListOutcome<T>> ReadAsync(string? position, CancellationToken cancellationToken) =>
        Task.Run(() => store.ListAsync(type, new ListOptions { Limit = PageSize, Continue = position }, cancellationToken), cancellationToken);

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
                await events.WriteAsync(told.Seen(added.Resource), cancellationToken);
                return false;
            case WatchEvent<T>.Modified modified:
                await events.WriteAsync(told.Seen(modified.Resource), cancellationToken);
                return false;
            case WatchEvent<T>.Deleted deleted:
                await events.WriteAsync(told.Gone(deleted.Resource), cancellationToken);
                return false;
            case WatchEvent<T>.Gone gone:
                LogWatchGone(logger, type.Plural, gone.Reason);
                return true;
            default:
                return false;
        }
    }
}

/// <summary>What the engine is told of resources of a kind.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
/// <param name="Listed">Of which there are, after each was told of, with those that could not be read, and the number of answers when the list began.</param>
/// <param name="Seen">Of one that is there, or changed.</param>
/// <param name="Gone">Of one that is gone.</param>
internal sealed record ResourceEvents<T>(
    Func<ImmutableArray<ResourceKey>, ImmutableArray<ResourceKey>, long, FleetEvent> Listed, Func<T, FleetEvent> Seen, Func<T, FleetEvent> Gone)
    where T : class, IResource;
