namespace Harmony.Fleet.Ports.Resources;

/// <summary>What must hold for a delete.</summary>
/// <param name="Uid">The resource is this one; null for whichever it is.</param>
/// <param name="ResourceVersion">It has not changed since; null for whatever it is.</param>
public readonly record struct DeletePreconditions(string? Uid = null, string? ResourceVersion = null)
{
    /// <summary>None.</summary>
    public static DeletePreconditions None => default;
}
