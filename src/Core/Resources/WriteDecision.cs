namespace Harmony.Fleet.Core.Resources;

/// <summary>What a write to a resource comes to, given what is stored.</summary>
public abstract record WriteDecision
{
    private WriteDecision()
    {
    }

    /// <summary>Store it, under the store's next version.</summary>
    /// <param name="Parts">It; a part that is the stored one's need not be written.</param>
    public sealed record Store(ResourceParts Parts) : WriteDecision;

    /// <summary>Take the stored one away.</summary>
    /// <param name="Parts">As it last was.</param>
    public sealed record Remove(ResourceParts Parts) : WriteDecision;

    /// <summary>Nothing differs: write nothing.</summary>
    /// <param name="Stored">The stored one.</param>
    public sealed record Keep(StoredResource Stored) : WriteDecision;

    /// <summary>There is nothing to change.</summary>
    public sealed record NotFound : WriteDecision;

    /// <summary>There is one of that name already.</summary>
    public sealed record AlreadyExists : WriteDecision;

    /// <summary>The stored one is not the one that the writer had seen.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Conflict(string Reason) : WriteDecision;

    /// <summary>It can never be stored as it is.</summary>
    /// <param name="Reason">One sentence, with the field.</param>
    public sealed record Invalid(string Reason) : WriteDecision;
}
