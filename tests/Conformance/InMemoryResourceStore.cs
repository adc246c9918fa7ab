using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Resources;
using Harmony.Fleet.Core.Selectors;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Ports.State;

namespace Harmony.Fleet.Tests.Conformance;

/// <summary>A store in memory for tests of others. It keeps every state it ever had, so that old lists and watches are looked up.</summary>
public sealed class InMemoryResourceStore(TimeProvider clock) : IResourceStore, ILeadership
{
    private readonly Lock gate = new();
    private readonly List<Change> changes = [];
    private readonly List<ImmutableSortedDictionary<string, StoredResource>> states = [ImmutableSortedDictionary.Create<string, StoredResource>(StringComparer.Ordinal)];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(string Kind, RemovedResource Removed)> tombstones = [];
    private string newest = string.Empty;
    private int forgotten;
    private long term;

    /// <summary>While it is set, every call says that the store is away, with this reason.</summary>
    public string? Outage { get; set; }

    /// <summary>Waited for between making a list of this plural and answering with it.</summary>
    public Func<string, Task> BeforeListAnswer { get; set; } = _ => Task.CompletedTask;

    public Task<StoreOutcome<T>> CreateAsync<T>(ResourceType<T> type, T resource, CancellationToken cancellationToken)
        where T : class, IResource =>
        Write(type, ResourceKey.Of(resource.Metadata), stored => ResourceWrites.Create(type, stored, resource, newest = Guid.NewGuid().ToString(), clock.GetUtcNow()));

    public Task<StoreOutcome<T>> RestoreAsync<T>(ResourceType<T> type, T resource, CancellationToken cancellationToken)
        where T : class, IResource =>
        Write(
            type,
            ResourceKey.Of(resource.Metadata),
            stored => ResourceWrites.Restore(type, stored, resource, IsRemoved(type.Kind, ResourceKey.Of(resource.Metadata), resource.Metadata.Uid), clock.GetUtcNow()),
            resource.Metadata.Uid);

    public Task<RemovedOutcome> DeclareRemovedAsync<T>(ResourceType<T> type, ImmutableArray<LostResource> lost, CancellationToken cancellationToken)
        where T : class, IResource
    {
        lock (gate)
        {
            foreach (var one in lost.Where(one => Outage is null && !IsRemoved(type.Kind, one.Key, one.Uid) && !states[^1].ContainsKey(Path(type, one.Key))))
            {
                if (states[^1].All(pair => !pair.Key.StartsWith(type.Kind + "/", StringComparison.Ordinal) || pair.Value.Uid != one.Uid))
                {
                    tombstones.Add((type.Kind, new RemovedResource(one.Uid, one.Key, clock.GetUtcNow(), $"{changes.Count}")));
                }
            }
        }

        return FindRemovedAsync(type, lost, cancellationToken);
    }

    public Task<StoreOutcome<T>> GetAsync<T>(ResourceType<T> type, ResourceKey key, CancellationToken cancellationToken)
        where T : class, IResource
    {
        lock (gate)
        {
            return Task.FromResult<StoreOutcome<T>>(
                Outage is { } reason ? new StoreOutcome<T>.Unavailable(reason)
                : states[^1].TryGetValue(Path(type, key), out var stored) ? new StoreOutcome<T>.Ok(stored.Read(type))
                : new StoreOutcome<T>.NotFound());
        }
    }

    public async Task<ListOutcome<T>> ListAsync<T>(ResourceType<T> type, ListOptions options, CancellationToken cancellationToken)
        where T : class, IResource
    {
        ListOutcome<T> outcome;
        lock (gate)
        {
            outcome = Outage is { } reason ? new ListOutcome<T>.Unavailable(reason) : List(type, options);
        }

        await BeforeListAnswer(type.Plural);
        return outcome;
    }

    public Task<StoreOutcome<T>> UpdateAsync<T>(ResourceType<T> type, T resource, CancellationToken cancellationToken)
        where T : class, IResource =>
        Write(type, ResourceKey.Of(resource.Metadata), stored => ResourceWrites.Update(type, stored, resource));

    public Task<StoreOutcome<T>> PatchStatusAsync<T, TStatus>(
        ResourceType<T, TStatus> type, ResourceRevision revision, TStatus status, CancellationToken cancellationToken)
        where T : class, IResource
        where TStatus : class =>
        Write(type, revision.Key, stored => ResourceWrites.PatchStatus(type, stored, revision.Uid, revision.ResourceVersion, status));

    public Task<StoreOutcome<T>> PatchFinalizersAsync<T>(
        ResourceType<T> type, ResourceRevision revision, ImmutableArray<string> finalizers, CancellationToken cancellationToken)
        where T : class, IResource =>
        Write(type, revision.Key, stored => ResourceWrites.PatchFinalizers(type, stored, revision.Uid, revision.ResourceVersion, finalizers));

    public Task<StoreOutcome<T>> DeleteAsync<T>(ResourceType<T> type, ResourceKey key, DeletePreconditions preconditions, CancellationToken cancellationToken)
        where T : class, IResource =>
        Write(type, key, stored => ResourceWrites.Delete(type, stored, preconditions.Uid, preconditions.ResourceVersion, clock.GetUtcNow()));

    public Task<RemovedOutcome> FindRemovedAsync<T>(ResourceType<T> type, ImmutableArray<LostResource> asked, CancellationToken cancellationToken)
        where T : class, IResource
    {
        lock (gate)
        {
            return Task.FromResult<RemovedOutcome>(
                Outage is { } reason ? new RemovedOutcome.Unavailable(reason)
                : new RemovedOutcome.Known([.. tombstones.Where(pair => pair.Kind == type.Kind && asked.Contains(new(pair.Removed.Key, pair.Removed.Uid))).Select(pair => pair.Removed)], null));
        }
    }

    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        ResourceType<T> type, WatchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IResource
    {
        var selector = ((SelectorOutcome.Compiled)Selector.TryCompile(options.LabelSelector ?? new LabelSelector())).Selector;
        if (!int.TryParse(options.ResourceVersion ?? "-1", CultureInfo.InvariantCulture, out var position))
        {
            position = int.MaxValue;
        }

        if (position < 0)
        {
            var all = (ListOutcome<T>.Ok)await ListAsync(
                type, new ListOptions { Namespace = options.Namespace, LabelSelector = options.LabelSelector }, cancellationToken);
            foreach (var resource in all.List.Items)
            {
                yield return new WatchEvent<T>.Added(resource);
            }

            position = int.Parse(all.List.Metadata.ResourceVersion!, CultureInfo.InvariantCulture);
            yield return new WatchEvent<T>.Bookmark(all.List.Metadata.ResourceVersion!);
        }

        while (true)
        {
            Change? next;
            Task wake;
            bool gone;
            lock (gate)
            {
                gone = position < forgotten || position > changes.Count;
                next = !gone && position < changes.Count ? changes[position] : null;
                wake = changed.Task;
            }

            if (gone)
            {
                yield return new WatchEvent<T>.Gone("Changes were missed: list again.");
                yield break;
            }

            if (next is null)
            {
                await wake.WaitAsync(cancellationToken);
                continue;
            }

            position++;
            if (next.Kind == type.Kind && (options.Namespace is null || options.Namespace == next.Namespace) && Seen(type, selector, next) is { } seen)
            {
                yield return seen;
            }
        }
    }

    /// <summary>The stored JSON of a resource.</summary>
    public string RawOf<T>(ResourceType<T> type, ResourceKey key)
        where T : class, IResource
    {
        lock (gate)
        {
            var stored = states[^1][Path(type, key)];
            return Encoding.UTF8.GetString(stored.Parts.Document(stored.ResourceVersion));
        }
    }

    /// <summary>Puts other JSON in the place of what is stored, as if it had been written so.</summary>
    public void Replace<T>(ResourceType<T> type, ResourceKey key, Func<ResourceParts, ResourceParts> change)
        where T : class, IResource
    {
        lock (gate)
        {
            var stored = states[^1][Path(type, key)];
            states[^1] = states[^1].SetItem(Path(type, key), stored with { Parts = change(stored.Parts) });
        }
    }

    /// <summary>For how long whoever began last leads.</summary>
    public TimeSpan Remaining { get; set; } = TimeSpan.MaxValue;

    public Task<long> BeginTermAsync(CancellationToken cancellationToken) => Task.FromResult(Interlocked.Increment(ref term));

    /// <summary>Forgets the changes so far.</summary>
    public void ForgetHistory()
    {
        lock (gate)
        {
            // A last change makes even the newest list an old one, as it would be in a store that others write to.
            changes.Add(new Change("Nothing", null, null, null, Removed: false));
            states.Add(states[^1]);
            forgotten = changes.Count;
        }
    }

    private bool IsRemoved(string kind, ResourceKey key, string? uid)
    {
        lock (gate)
        {
            return tombstones.Exists(one => one.Kind == kind && one.Removed.Key == key && one.Removed.Uid == uid);
        }
    }

    private static string Path<T>(ResourceType<T> type, ResourceKey key)
        where T : class, IResource =>
        $"{type.Kind}/{key.Namespace}\0{key.Name}";

    private static WatchEvent<T>? Seen<T>(ResourceType<T> type, Selector selector, Change change)
        where T : class, IResource
    {
        var before = change.Before?.Read(type);
        var after = change.After?.Read(type);
        var matched = before is not null && selector.Matches(before.Metadata.Labels);
        var matches = after is not null && selector.Matches(after.Metadata.Labels);
        return (matched, matches, change.Removed) switch
        {
            (_, true, true) => new WatchEvent<T>.Deleted(after!),
            (true, true, false) => new WatchEvent<T>.Modified(after!),
            (false, true, false) => new WatchEvent<T>.Added(after!),
            (true, false, false) => new WatchEvent<T>.Deleted(
                type.WithMetadata(before!, before!.Metadata with { ResourceVersion = after!.Metadata.ResourceVersion })),
            _ => null,
        };
    }

    private ListOutcome<T> List<T>(ResourceType<T> type, ListOptions options)
        where T : class, IResource
    {
        if (Selector.TryCompile(options.LabelSelector ?? new LabelSelector()) is SelectorOutcome.Invalid invalid)
        {
            return new ListOutcome<T>.Invalid(string.Join("; ", invalid.Errors));
        }

        var token = (options.Continue ?? $"{changes.Count}:").Split(':', 2);
        if (options.Limit < 0 || !int.TryParse(token[0], CultureInfo.InvariantCulture, out var version) || version > changes.Count || token.Length != 2)
        {
            return new ListOutcome<T>.Invalid("limit or continue: use what the last page gave.");
        }

        if (version < forgotten)
        {
            return new ListOutcome<T>.Gone("The list was begun too long ago: list from the start.");
        }

        var selector = ((SelectorOutcome.Compiled)Selector.TryCompile(options.LabelSelector ?? new LabelSelector())).Selector;
        var all = states[version]
            .Where(pair => pair.Key.StartsWith(type.Kind + "/", StringComparison.Ordinal) && string.CompareOrdinal(pair.Key, token[1]) > 0)
            .Select(pair => (pair.Key, Resource: pair.Value.TryRead(type, out var problem), Stored: pair.Value, Problem: problem))
            .ToList();
        var matching = all.Where(pair => pair.Resource is not null).Select(pair => (pair.Key, Resource: pair.Resource!))
            .Where(pair => (options.Namespace is null || pair.Resource.Metadata.Namespace == options.Namespace) && selector.Matches(pair.Resource.Metadata.Labels))
            .ToList();
        var page = options.Limit == 0 ? matching : [.. matching.Take(options.Limit)];
        var next = page.Count < matching.Count ? $"{version}:{page[^1].Key}" : null;
        return new ListOutcome<T>.Ok(new ResourceList<T>
        {
            Metadata = new ListMeta { ResourceVersion = version.ToString(CultureInfo.InvariantCulture), Continue = next },
            Items = [.. page.Select(pair => pair.Resource)],
        })
        {
            Unreadable = [.. all.Where(pair => pair.Resource is null).Select(pair => new UnreadableResource(new(pair.Stored.Namespace, pair.Stored.Name), pair.Problem))],
        };
    }

    private Task<StoreOutcome<T>> Write<T>(ResourceType<T> type, ResourceKey key, Func<StoredResource?, WriteDecision> decide, string? uid = null)
        where T : class, IResource
    {
        lock (gate)
        {
            if (Outage is { } reason)
            {
                return Task.FromResult<StoreOutcome<T>>(new StoreOutcome<T>.Unavailable(reason));
            }

            newest = uid ?? newest;
            var stored = states[^1].GetValueOrDefault(Path(type, key));
            return Task.FromResult<StoreOutcome<T>>(decide(stored) switch
            {
                WriteDecision.Store store => new StoreOutcome<T>.Ok(Append(type, key, stored, store.Parts, removed: false)),
                WriteDecision.Remove remove => new StoreOutcome<T>.Ok(Append(type, key, stored, remove.Parts, removed: true)),
                WriteDecision.Keep keep => new StoreOutcome<T>.Ok(keep.Stored.Read(type)),
                WriteDecision.NotFound => new StoreOutcome<T>.NotFound(),
                WriteDecision.AlreadyExists => new StoreOutcome<T>.AlreadyExists(),
                WriteDecision.Conflict conflict => new StoreOutcome<T>.Conflict(conflict.Reason),
                WriteDecision.Invalid invalid => new StoreOutcome<T>.Invalid(invalid.Reason),
                var other => throw new InvalidOperationException($"{other} is not handled."),
            });
        }
    }

    private T Append<T>(ResourceType<T> type, ResourceKey key, StoredResource? before, ResourceParts parts, bool removed)
        where T : class, IResource
    {
        var version = (changes.Count + 1).ToString(CultureInfo.InvariantCulture);
        var after = new StoredResource(key.Namespace, key.Name, before?.Uid ?? newest, version, parts);
        if (removed)
        {
            tombstones.Add((type.Kind, new RemovedResource(after.Uid, key, clock.GetUtcNow(), version)));
        }

        changes.Add(new Change(type.Kind, key.Namespace, before, after, removed));
        states.Add(removed ? states[^1].Remove(Path(type, key)) : states[^1].SetItem(Path(type, key), after));
        var waiters = changed;
        changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiters.SetResult();
        return removed ? after.ReadOrName(type) : after.Read(type);
    }

    private sealed record Change(string Kind, string? Namespace, StoredResource? Before, StoredResource? After, bool Removed);
}
