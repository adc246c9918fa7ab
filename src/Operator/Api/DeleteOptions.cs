namespace Harmony.Fleet.Operator.Api;

/// <summary>The body of a DELETE, as in Kubernetes; it may be left out.</summary>
internal sealed record DeleteOptions
{
    /// <summary>Ignored.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Ignored.</summary>
    public string? Kind { get; init; }

    /// <summary>What must hold for the delete; null for nothing.</summary>
    public DeletePreconditionsBody? Preconditions { get; init; }
}
