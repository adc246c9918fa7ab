namespace Harmony.Fleet.Ports.Resources;

/// <summary>What to watch.</summary>
public sealed record WatchOptions
{
    /// <summary>Only of this namespace; null for all.</summary>
    public string? Namespace { get; init; }

    /// <summary>Changes after this version, as a list or a resource gave it; null for all that is there now (each as Added) and all that comes.</summary>
    public string? ResourceVersion { get; init; }
}
