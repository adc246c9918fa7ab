using System.Globalization;
using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Adapters.Sqlite.Writing;

/// <summary>Resources as rows.</summary>
internal static class StoredResource
{
    /// <summary>The resource of some stored JSON.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static T Parse<T>(ResourceType<T> type, byte[] body)
        where T : class, IResource =>
        JsonSerializer.Deserialize(body, type.Json) ?? throw new JsonException($"A stored {type.Kind} is null.");

    /// <summary>The resource of a row's JSON.</summary>
    /// <exception cref="JsonException">It is none, or another one.</exception>
    public static T Parse<T>(ResourceType<T> type, RowKey row, byte[] body)
        where T : class, IResource
    {
        var resource = Parse(type, body);
        return ResourceKey.Of(resource.Metadata) == row.Resource
            ? resource
            : throw new JsonException($"The stored {type.Kind} {row.Resource} says that it is {ResourceKey.Of(resource.Metadata)}.");
    }

    /// <summary>The resource of a row's JSON; where it is not readable its names alone, so that it can be deleted.</summary>
    public static T ParseOrName<T>(ResourceType<T> type, RowKey row, byte[] body)
        where T : class, IResource
    {
        try
        {
            return Parse(type, row, body);
        }
        catch (JsonException)
        {
            return type.WithMetadata(Parse(type, "{}"u8.ToArray()), new ObjectMeta { Namespace = row.Resource.Namespace, Name = row.Name });
        }
    }

    /// <summary>Reads what is stored, decides, and writes.</summary>
    /// <param name="session">Where.</param>
    /// <param name="type">The kind.</param>
    /// <param name="key">Which.</param>
    /// <param name="parse">How what is stored is read.</param>
    /// <param name="decide">What comes of it.</param>
    public static WrittenResource<T> Apply<T>(
        WriteSession session, ResourceType<T> type, ResourceKey key, Func<RowKey, byte[], T> parse, Func<T?, WriteDecision<T>> decide)
        where T : class, IResource
    {
        var row = RowKey.Of(type.Kind, key);
        var stored = session.Find(row);
        var decision = decide(stored is null ? null : parse(row, stored));
        switch (decision)
        {
            case WriteDecision<T>.Store store:
                var body = Versioned(type, store.Resource, session.NextVersion());
                session.Put(row, body, stored);
                return new WrittenResource<T>(decision, body);
            case WriteDecision<T>.Remove remove:
                var last = Versioned(type, remove.Resource, session.NextVersion());
                session.Remove(row, last, stored!);
                return new WrittenResource<T>(decision, last);
            default:
                return new WrittenResource<T>(decision, null);
        }
    }

    private static byte[] Versioned<T>(ResourceType<T> type, T resource, long version)
        where T : class, IResource
    {
        var metadata = resource.Metadata with { ResourceVersion = version.ToString(CultureInfo.InvariantCulture) };
        return JsonSerializer.SerializeToUtf8Bytes(type.WithMetadata(resource, metadata), type.Json);
    }
}
