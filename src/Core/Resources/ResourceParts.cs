using System.Text;
using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Resources;

/// <summary>A resource as JSON, in the parts that are stored and written apart.</summary>
/// <param name="Metadata">Its metadata without the resourceVersion, which the store keeps beside it.</param>
/// <param name="Spec">All but metadata and status: the spec with apiVersion and kind.</param>
/// <param name="Status">Its status; null where there is none.</param>
public sealed record ResourceParts(byte[] Metadata, byte[] Spec, byte[]? Status)
{
    /// <summary>How many bytes these are.</summary>
    public int Size => Metadata.Length + Spec.Length + (Status?.Length ?? 0);

    /// <summary>The parts of <paramref name="resource"/>.</summary>
    public static ResourceParts Of<T>(ResourceType<T> type, T resource)
        where T : class, IResource
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(resource, type.Json);
        byte[]? status = null;
        var rest = new MemoryStream(json.Length);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (start, isMetadata, isStatus) = ((int)reader.TokenStartIndex, reader.ValueTextEquals("metadata"u8), reader.ValueTextEquals("status"u8));
            reader.Read();
            var value = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isStatus)
            {
                status = json[value..(int)reader.BytesConsumed];
            }
            else if (!isMetadata)
            {
                rest.Write(rest.Length == 0 ? "{"u8 : ","u8);
                rest.Write(json.AsSpan(start..(int)reader.BytesConsumed));
            }
        }

        rest.Write("}"u8);
        return new ResourceParts(Of(resource.Metadata), rest.ToArray(), status);
    }

    /// <summary>The part of <paramref name="metadata"/>.</summary>
    public static byte[] Of(ObjectMeta metadata) =>
        JsonSerializer.SerializeToUtf8Bytes(metadata with { ResourceVersion = null }, ResourceJson.Default.ObjectMeta);

    /// <summary>All of it as one JSON object; where a part is damaged, something that is no JSON.</summary>
    public byte[] Document(string resourceVersion) =>
    [
        .. Open(Spec), .. ",\"metadata\":"u8, .. Open(Metadata), .. ",\"resourceVersion\":\""u8, .. Encoding.UTF8.GetBytes(resourceVersion), .. "\"}"u8,
        .. Status is null ? [] : ",\"status\":"u8, .. Status ?? [], .. "}"u8,
    ];

    /// <summary>Whether both are the same, byte by byte.</summary>
    public bool IsSameAs(ResourceParts other) => AreSame(Metadata, other.Metadata) && AreSame(Spec, other.Spec) && AreSame(Status, other.Status);

    /// <summary>Whether two parts are the same, byte by byte.</summary>
    public static bool AreSame(byte[]? one, byte[]? other) => (one is null) == (other is null) && one.AsSpan().SequenceEqual(other);

    /// <summary>An object without its closing brace.</summary>
    private static ReadOnlySpan<byte> Open(byte[] part) => part.AsSpan(0, Math.Max(0, part.Length - 1));
}
