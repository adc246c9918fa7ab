using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Ports.Resources;

/// <summary>What became of a call to the store.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
public abstract record StoreOutcome<T>
    where T : class, IResource
{
    private StoreOutcome()
    {
    }

    /// <summary>Done.</summary>
    /// <param name="Resource">As it is stored now; after a delete, as it last was.</param>
    public sealed record Ok(T Resource) : StoreOutcome<T>;

    /// <summary>There is no such resource.</summary>
    public sealed record NotFound : StoreOutcome<T>;

    /// <summary>There is one of that name already.</summary>
    public sealed record AlreadyExists : StoreOutcome<T>;

    /// <summary>It changed in between: read it again.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Conflict(string Reason) : StoreOutcome<T>;

    /// <summary>It can never be stored as it is.</summary>
    /// <param name="Reason">One sentence, with the field.</param>
    public sealed record Invalid(string Reason) : StoreOutcome<T>;

    /// <summary>The store is away, locked or full: try again.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Unavailable(string Reason) : StoreOutcome<T>;
}

/// <summary>What became of a list.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
public abstract record ListOutcome<T>
    where T : class, IResource
{
    private ListOutcome()
    {
    }

    /// <summary>A page.</summary>
    /// <param name="List">It.</param>
    public sealed record Ok(ResourceList<T> List) : ListOutcome<T>
    {
        /// <summary>What is stored beside them and cannot be read, whatever its labels.</summary>
        public ImmutableArray<UnreadableResource> Unreadable { get; init; } = [];
    }

    /// <summary>The continue token is no longer good: list from the start.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Gone(string Reason) : ListOutcome<T>;

    /// <summary>The options are wrong.</summary>
    /// <param name="Reason">One sentence, with the option.</param>
    public sealed record Invalid(string Reason) : ListOutcome<T>;

    /// <summary>The store is away: try again.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Unavailable(string Reason) : ListOutcome<T>;
}

/// <summary>A resource that is stored and cannot be read: it is damaged, or another version wrote it.</summary>
/// <param name="Key">Which. Its uid is not told: what cannot be read cannot be trusted to be its own.</param>
/// <param name="Reason">Why, in one sentence.</param>
public sealed record UnreadableResource(ResourceKey Key, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Key} ({Reason})";
}

/// <summary>What became of a question for removed resources.</summary>
public abstract record RemovedOutcome
{
    private RemovedOutcome()
    {
    }

    /// <summary>Removals are kept, and these are those that were asked for.</summary>
    /// <param name="Removed">They. One that is not among them was not removed since <paramref name="Since"/>.</param>
    /// <param name="Since">From when on all removals are known; null: from the beginning of the store.</param>
    public sealed record Known(ImmutableArray<RemovedResource> Removed, DateTimeOffset? Since) : RemovedOutcome;

    /// <summary>This store keeps none: nothing follows from what is absent.</summary>
    public sealed record NotKept : RemovedOutcome;

    /// <summary>The store is away: try again.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Unavailable(string Reason) : RemovedOutcome;
}

/// <summary>A resource that was removed, all finalizers done.</summary>
/// <param name="Uid">Its uid.</param>
/// <param name="Key">Where it was; another one may be there by now.</param>
/// <param name="At">When, to the millisecond.</param>
/// <param name="ResourceVersion">The version of its removal.</param>
public sealed record RemovedResource(string Uid, ResourceKey Key, DateTimeOffset At, string ResourceVersion);

/// <summary>A resource that devices still know, and the store does not.</summary>
/// <param name="Key">Where it was.</param>
/// <param name="Uid">Its uid.</param>
public sealed record LostResource(ResourceKey Key, string Uid);
