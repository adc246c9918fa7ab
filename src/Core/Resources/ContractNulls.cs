using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Core.Resources;

/// <summary>
/// Nulls where the contract has none: as an item of a list, as a value of a map, or in the place of a member that must be there. A reader would
/// meet them as a value that cannot be. Elsewhere a null is the same as left out; a selector has rules of its own for its nulls.
/// </summary>
public static class ContractNulls
{
    /// <summary>All of them, with their paths.</summary>
    /// <param name="type">What the JSON is of.</param>
    /// <param name="json">The JSON. It must be some.</param>
    public static ImmutableArray<FieldError> Find(JsonTypeInfo type, byte[] json)
    {
        // Nearly nothing that is stored has one, and this is asked at each read.
        if (json.AsSpan().IndexOf("null"u8) < 0)
        {
            return [];
        }

        using var document = JsonDocument.Parse(json);
        return [.. In(type, document.RootElement, string.Empty)];
    }

    private static IEnumerable<FieldError> In(JsonTypeInfo type, JsonElement value, string path) => (type.Kind, value.ValueKind) switch
    {
        (JsonTypeInfoKind.Object, JsonValueKind.Object) => value.EnumerateObject().SelectMany(member => InMember(type, member, path)),
        (JsonTypeInfoKind.Dictionary, JsonValueKind.Object) => value.EnumerateObject().SelectMany(member => InItem(type, member.Value, $"{path}.{member.Name}", "a value")),
        (JsonTypeInfoKind.Enumerable, JsonValueKind.Array) => value.EnumerateArray().SelectMany((item, index) => InItem(type, item, $"{path}[{index}]", "an item")),
        _ => [],
    };

    private static IEnumerable<FieldError> InMember(JsonTypeInfo type, JsonProperty member, string parent)
    {
        var path = parent.Length == 0 ? member.Name : $"{parent}.{member.Name}";
        return type.Properties.FirstOrDefault(property => member.NameEquals(property.Name)) is not { } known || known.PropertyType == typeof(LabelSelector) ? []
            : member.Value.ValueKind != JsonValueKind.Null ? In(type.Options.GetTypeInfo(known.PropertyType), member.Value, path)
            : known.IsRequired ? [FieldError.Required(path, "it must be there, and is null")]
            : [];
    }

    private static IEnumerable<FieldError> InItem(JsonTypeInfo collection, JsonElement item, string path, string what) =>
        item.ValueKind == JsonValueKind.Null ? [FieldError.Required(path, $"{what} that is null means nothing: give it a value, or leave it out")]
            : collection.ElementType is { } element ? In(collection.Options.GetTypeInfo(element), item, path)
            : [];
}
