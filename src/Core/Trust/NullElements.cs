using System.Text.Json;

namespace Harmony.Fleet.Core.Trust;

/// <summary>Finds nulls within arrays, which no type of a score allows and which the serializer would let through.</summary>
internal static class NullElements
{
    /// <summary>The path of the first null within an array, or null.</summary>
    public static string? FirstOf(JsonElement element) => Find(element, string.Empty);

    private static string? Find(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject()
            .Select(member => Find(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}"))
            .FirstOrDefault(found => found is not null),
        JsonValueKind.Array => element.EnumerateArray()
            .Select((value, index) => value.ValueKind == JsonValueKind.Null ? $"{path}[{index}]" : Find(value, $"{path}[{index}]"))
            .FirstOrDefault(found => found is not null),
        _ => null,
    };
}
