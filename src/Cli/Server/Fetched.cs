using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Server;

/// <summary>A resource as the API gave it: typed to work with, and raw to show, so that nothing a newer operator adds is lost.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
/// <param name="Resource">Typed.</param>
/// <param name="Raw">Raw.</param>
internal sealed record Fetched<T>(T Resource, JsonElement Raw)
    where T : class, IResource;
