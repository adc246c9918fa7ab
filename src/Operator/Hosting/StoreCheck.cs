namespace Harmony.Fleet.Operator.Hosting;

/// <summary>Whether the resource store is open: it is before anything else begins, and until the end.</summary>
internal sealed class StoreCheck : IReadinessCheck
{
    /// <inheritdoc/>
    public string Name => "store";

    /// <inheritdoc/>
    public string? Missing() => null;
}
