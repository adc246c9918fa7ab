using Harmony.Fleet.Cli.Outcomes;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Watching;

/// <summary>What a watch brings.</summary>
/// <typeparam name="T">The resources' type.</typeparam>
internal abstract record WatchStep<T>
    where T : class, IResource
{
    private WatchStep()
    {
    }

    /// <summary>All that is there: at the beginning, and again whenever changes may have been missed.</summary>
    /// <param name="Listing">It.</param>
    public sealed record Listed(Listing<T> Listing) : WatchStep<T>;

    /// <summary>A resource is new or changed.</summary>
    /// <param name="Resource">As it is now.</param>
    public sealed record Put(Fetched<T> Resource) : WatchStep<T>;

    /// <summary>A resource is gone.</summary>
    /// <param name="Resource">As it last was.</param>
    public sealed record Gone(Fetched<T> Resource) : WatchStep<T>;

    /// <summary>The connection is lost; the watch goes on trying.</summary>
    /// <param name="Error">Why.</param>
    public sealed record Lost(CliError Error) : WatchStep<T>;

    /// <summary>The watch cannot go on. The last step.</summary>
    /// <param name="Error">Why.</param>
    public sealed record Ended(CliError Error) : WatchStep<T>;
}
