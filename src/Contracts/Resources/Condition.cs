namespace Harmony.Fleet.Contracts.Resources;

/// <summary>One observed truth of a resource, as in Kubernetes' <c>metav1.Condition</c>.</summary>
public sealed record Condition
{
    /// <summary>Which truth, for example <c>Converged</c>. See <see cref="ConditionTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public required ConditionStatus Status { get; init; }

    /// <summary>One CamelCase word for programs.</summary>
    public string Reason { get => field ?? string.Empty; init; }

    /// <summary>One sentence for people.</summary>
    public string Message { get => field ?? string.Empty; init; }

    /// <summary>When <see cref="Status"/> last changed; not when it was last checked.</summary>
    public DateTimeOffset LastTransitionTime { get; init; }

    /// <summary>The generation of the spec that was looked at.</summary>
    public long ObservedGeneration { get; init; }
}
