namespace Harmony.Fleet.Ports.Resources;

/// <summary>A resource that is stored and cannot be read: it is damaged, or another version wrote it.</summary>
/// <param name="Key">Which. Its uid is not told: what cannot be read cannot be trusted to be its own.</param>
/// <param name="Reason">Why, in one sentence.</param>
public sealed record UnreadableResource(ResourceKey Key, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Key} ({Reason})";
}
