using System.Text.Json;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Getting;

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
    /// <param name="Fault">Why.</param>
    public sealed record Lost(Fault Fault) : WatchStep<T>;

    /// <summary>It is connected again: what changed meanwhile follows.</summary>
    public sealed record Regained : WatchStep<T>;

    /// <summary>The watch cannot go on. The last step.</summary>
    /// <param name="Fault">Why.</param>
    public sealed record Ended(Fault Fault) : WatchStep<T>;
}

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
        resource.IsOk ? new WatchLine<T>(step(resource.Value), resource.Value.Resource.Metadata.ResourceVersion) : resource.Fault;
}
