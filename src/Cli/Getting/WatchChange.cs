using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Getting;

/// <summary>One piece of news.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
/// <param name="Kind">What happened.</param>
/// <param name="Resource">As it is now; where it is gone, as it last was.</param>
internal sealed record WatchChange<T>(WatchChangeKind Kind, Fetched<T> Resource)
    where T : class, IResource;
