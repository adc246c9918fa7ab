namespace Harmony.Fleet.Operator.Api;

/// <summary>What must hold for a delete.</summary>
internal sealed record DeletePreconditionsBody
{
    /// <summary>The resource has this uid.</summary>
    public string? Uid { get; init; }

    /// <summary>The resource has this version.</summary>
    public string? ResourceVersion { get; init; }
}
