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
