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

    /// <summary>Reads what is stored, decides, and writes.</summary>
    public static WrittenResource<T> Apply<T>(WriteSession session, ResourceType<T> type, ResourceKey key, Func<T?, WriteDecision<T>> decide)
        where T : class, IResource
    {
        var row = RowKey.Of(type.Kind, key);
        var stored = session.Find(row);
        var decision = decide(stored is null ? null : Parse(type, stored));
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
