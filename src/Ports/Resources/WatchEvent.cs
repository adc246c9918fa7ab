using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Ports.Resources;

/// <summary>What a watch sees.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
public abstract record WatchEvent<T>
    where T : class, IResource
{
    private WatchEvent()
    {
    }

    /// <summary>A resource is new.</summary>
    /// <param name="Resource">It.</param>
    public sealed record Added(T Resource) : WatchEvent<T>;

    /// <summary>A resource changed.</summary>
    /// <param name="Resource">As it is now.</param>
    public sealed record Modified(T Resource) : WatchEvent<T>;

    /// <summary>A resource is gone.</summary>
    /// <param name="Resource">As it last was.</param>
    public sealed record Deleted(T Resource) : WatchEvent<T>;

    /// <summary>Nothing happened up to this version: a later watch may start there.</summary>
    /// <param name="ResourceVersion">The version.</param>
    public sealed record Bookmark(string ResourceVersion) : WatchEvent<T>;

    /// <summary>Changes were missed: list again. The last event.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Gone(string Reason) : WatchEvent<T>;
}
