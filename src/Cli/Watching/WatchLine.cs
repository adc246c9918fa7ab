using System.Text.Json;
using Harmony.Fleet.Cli.Outcomes;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Watching;

/// <summary>One line of a watch.</summary>
/// <typeparam name="T">The resources' type.</typeparam>
/// <param name="Step">What it brings; null for a bookmark and for types of a newer operator.</param>
/// <param name="ResourceVersion">Where a later watch may start; null where the line does not say.</param>
internal sealed record WatchLine<T>(WatchStep<T>? Step, string? ResourceVersion)
    where T : class, IResource
{
    /// <summary>Parses <paramref name="line"/>. An ERROR line is an error.</summary>
    public static Outcome<WatchLine<T>> Parse(FleetClient client, ResourceType<T> type, byte[] line)
    {
        try
        {
            var root = JsonElement.Parse(line);
            var change = root.GetProperty("type").GetString();
            var raw = root.GetProperty("object");
            return change switch
            {
                "ERROR" => ApiErrors.Watch(client.Server, raw),
                "ADDED" or "MODIFIED" => Of(client.Parse(type, raw), resource => new WatchStep<T>.Put(resource)),
                "DELETED" => Of(client.Parse(type, raw), resource => new WatchStep<T>.Gone(resource)),
                "BOOKMARK" => new WatchLine<T>(null, raw.GetProperty("metadata").GetProperty("resourceVersion").GetString()),
                _ => new WatchLine<T>(null, null),
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return ApiErrors.NotUnderstood(client.Server);
        }
    }

    private static Outcome<WatchLine<T>> Of(Outcome<Fetched<T>> resource, Func<Fetched<T>, WatchStep<T>> step) =>
        resource.IsOk ? new WatchLine<T>(step(resource.Value), resource.Value.Resource.Metadata.ResourceVersion) : resource.Error;
}
