using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Resources;

/// <summary>What a write to a resource comes to, given what is stored.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
public abstract record WriteDecision<T>
    where T : class, IResource
{
    private WriteDecision()
    {
    }

    /// <summary>Store it, under the store's next version.</summary>
    /// <param name="Resource">All but its resourceVersion.</param>
    public sealed record Store(T Resource) : WriteDecision<T>;

    /// <summary>Take the stored one away.</summary>
    /// <param name="Resource">As it last was.</param>
    public sealed record Remove(T Resource) : WriteDecision<T>;

    /// <summary>Nothing differs: write nothing.</summary>
    /// <param name="Resource">The stored one.</param>
    public sealed record Keep(T Resource) : WriteDecision<T>;

    /// <summary>There is nothing to change.</summary>
    public sealed record NotFound : WriteDecision<T>;

    /// <summary>There is one of that name already.</summary>
    public sealed record AlreadyExists : WriteDecision<T>;

    /// <summary>The stored one is not the one that the writer had seen.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Conflict(string Reason) : WriteDecision<T>;

    /// <summary>It can never be stored as it is.</summary>
    /// <param name="Reason">One sentence, with the field.</param>
    public sealed record Invalid(string Reason) : WriteDecision<T>;
}
