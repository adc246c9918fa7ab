using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Server;

/// <summary>All pages of a list.</summary>
/// <typeparam name="T">The resources' type.</typeparam>
/// <param name="Items">The resources, by namespace and name.</param>
/// <param name="ResourceVersion">A watch that starts here misses nothing.</param>
internal sealed record Listing<T>(ImmutableArray<Fetched<T>> Items, string? ResourceVersion)
    where T : class, IResource;
