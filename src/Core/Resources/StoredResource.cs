using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Core.Resources;

/// <summary>A resource as a store holds it: what cannot be read today may be another version's, and is kept as it is.</summary>
/// <param name="Namespace">The namespace that it is stored under; null for cluster-scoped kinds.</param>
/// <param name="Name">The name that it is stored under.</param>
/// <param name="Uid">Its uid, as the store keeps it beside the metadata.</param>
/// <param name="ResourceVersion">Its version.</param>
/// <param name="Parts">Its JSON.</param>
public sealed record StoredResource(string? Namespace, string Name, string Uid, string ResourceVersion, ResourceParts Parts)
{
    private string FullName => Namespace is null ? Name : $"{Namespace}/{Name}";

    /// <summary>Reads it.</summary>
    /// <exception cref="JsonException">It is damaged, another one, or has a null where the contract has none.</exception>
    public T Read<T>(ResourceType<T> type)
        where T : class, IResource
    {
        var json = Parts.Document(ResourceVersion);
        var resource = JsonSerializer.Deserialize(json, type.Json)!;
        var nulls = ContractNulls.Find(type.Json, json);
        return !nulls.IsEmpty ? throw new JsonException($"The stored {type.Kind} {FullName} has what it must not have: {string.Join("; ", nulls)}.")
            : (resource.Metadata.Namespace, resource.Metadata.Name) == (Namespace, Name) ? resource
            : throw new JsonException($"The stored {type.Kind} {FullName} says that it is {resource.Metadata.Namespace}/{resource.Metadata.Name}.");
    }

    /// <summary>Reads its metadata alone.</summary>
    /// <exception cref="JsonException">They are damaged.</exception>
    public ObjectMeta Metadata() =>
        JsonSerializer.Deserialize(Parts.Metadata, ResourceJson.Default.ObjectMeta) ?? throw new JsonException($"The stored metadata of {FullName} is null.");

    /// <summary>Reads it; null where it is not readable, and then <paramref name="problem"/> says why.</summary>
    public T? TryRead<T>(ResourceType<T> type, out string problem)
        where T : class, IResource
    {
        try
        {
            problem = string.Empty;
            return Read(type);
        }
        catch (JsonException unreadable)
        {
            problem = JsonProblem.Of(unreadable) + ".";
            return null;
        }
    }

    /// <summary>Reads it; where it is not readable only what it is stored under.</summary>
    public T ReadOrName<T>(ResourceType<T> type)
        where T : class, IResource =>
        TryRead(type, out _) ?? type.WithMetadata(
            JsonSerializer.Deserialize("{}"u8, type.Json)!,
            new ObjectMeta { Namespace = Namespace, Name = Name, Uid = Uid.Length == 0 ? null : Uid, ResourceVersion = ResourceVersion });
}
