using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Server;

/// <summary>Which resources of a kind.</summary>
/// <param name="Namespace">The namespace; null for all, and for kinds without one.</param>
/// <param name="Selector">A label selector in text form; null for all.</param>
internal sealed record Scope(string? Namespace, string? Selector = null);

/// <summary>Which log, and how much of it.</summary>
/// <param name="Namespace">The deployment's namespace.</param>
/// <param name="Deployment">The deployment's name.</param>
/// <param name="Container">The container; null for the only, or the first one.</param>
/// <param name="Tail">How many of the last lines; null for the API's default.</param>
/// <param name="Follow">Whether to go on with new lines.</param>
internal sealed record LogQuery(string Namespace, string Deployment, string? Container, int? Tail, bool Follow);

/// <summary>A resource as the API gave it: typed to work with, and raw to show, so that nothing a newer operator adds is lost.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
/// <param name="Resource">Typed.</param>
/// <param name="Raw">Raw.</param>
internal sealed record Fetched<T>(T Resource, JsonElement Raw)
    where T : class, IResource;

/// <summary>All pages of a list.</summary>
/// <typeparam name="T">The resources' type.</typeparam>
/// <param name="Items">The resources, by namespace and name.</param>
/// <param name="ResourceVersion">A watch that starts here misses nothing.</param>
internal sealed record Listing<T>(ImmutableArray<Fetched<T>> Items, string? ResourceVersion)
    where T : class, IResource;
