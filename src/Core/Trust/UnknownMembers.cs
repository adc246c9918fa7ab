using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Harmony.Fleet.Core.Trust;

/// <summary>Finds the members of a JSON document that a type does not have, with their path: the serializer's own error names only the last part.</summary>
internal static class UnknownMembers
{
    /// <summary>The path of the first member that <paramref name="type"/> does not know, or null.</summary>
    public static string? FirstOf(JsonElement element, JsonTypeInfo type) => Find(element, type, string.Empty);

    private static string? Find(JsonElement element, JsonTypeInfo type, string path) => (element.ValueKind, type.Kind) switch
    {
        (JsonValueKind.Object, JsonTypeInfoKind.Object) => InObject(element, type, path),
        (JsonValueKind.Array, JsonTypeInfoKind.Enumerable) when type.ElementType is { } item =>
            InArray(element, type.Options.GetTypeInfo(item), path),
        _ => null,
    };

    private static string? InObject(JsonElement element, JsonTypeInfo type, string path)
    {
        foreach (var member in element.EnumerateObject())
        {
            var memberPath = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            var known = type.Properties.FirstOrDefault(property => string.Equals(property.Name, member.Name, StringComparison.Ordinal));
            var unknown = known is null ? memberPath : Find(member.Value, type.Options.GetTypeInfo(known.PropertyType), memberPath);
            if (unknown is not null)
            {
                return unknown;
            }
        }

        return null;
    }

    private static string? InArray(JsonElement element, JsonTypeInfo item, string path)
    {
        var index = 0;
        foreach (var value in element.EnumerateArray())
        {
            if (Find(value, item, $"{path}[{index}]") is { } unknown)
            {
                return unknown;
            }

            index++;
        }

        return null;
    }
}
