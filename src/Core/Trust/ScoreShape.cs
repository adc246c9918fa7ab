using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Scores;

namespace Harmony.Fleet.Core.Trust;

/// <summary>Which members a score can have, to find those that it cannot have with their path: the serializer's own error names only the last part.</summary>
internal sealed class ScoreShape
{
    private readonly FrozenDictionary<string, ScoreShape>? members;
    private readonly ScoreShape? items;

    private ScoreShape(JsonTypeInfo type)
    {
        members = type.Kind == JsonTypeInfoKind.Object
            ? type.Properties.ToFrozenDictionary(member => member.Name, member => Of(type, member.PropertyType), StringComparer.Ordinal)
            : null;
        items = type is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element } ? Of(type, element) : null;
    }

    /// <summary>The shape of <see cref="ReconcileScore"/>.</summary>
    public static ScoreShape Score { get; } = new(ContractsJson.Scores.Options.GetTypeInfo(typeof(ReconcileScore)));

    /// <summary>The path of the first member of <paramref name="element"/> that is not part of the shape, or null.</summary>
    public string? FirstUnknown(JsonElement element) => FirstUnknown(element, string.Empty);

    private static ScoreShape Of(JsonTypeInfo type, Type part) => new(type.Options.GetTypeInfo(part));

    private string? FirstUnknown(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object when members is not null => InObject(element, path),
        JsonValueKind.Array when items is not null => InArray(element, path),
        _ => null,
    };

    private string? InObject(JsonElement element, string path)
    {
        foreach (var member in element.EnumerateObject())
        {
            var memberPath = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            var unknown = members!.TryGetValue(member.Name, out var shape) ? shape.FirstUnknown(member.Value, memberPath) : memberPath;
            if (unknown is not null)
            {
                return unknown;
            }
        }

        return null;
    }

    private string? InArray(JsonElement element, string path)
    {
        var index = 0;
        foreach (var value in element.EnumerateArray())
        {
            if (items!.FirstUnknown(value, $"{path}[{index}]") is { } unknown)
            {
                return unknown;
            }

            index++;
        }

        return null;
    }
}

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
