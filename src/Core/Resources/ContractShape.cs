using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Core.Resources;

/// <summary>
/// In what JSON is not of a contract's shape: fields that there are not, or that are there twice, and values of another kind, each with its path, what was expected and what was found. A
/// serializer tells the first of them, and in the names of the program's types.
/// </summary>
public static class ContractShape
{
    private const int MaxShown = 40;

    /// <summary>All of it, in the order of the JSON. It is found while it is asked for, at the cost of reading what is right as well.</summary>
    /// <param name="type">What the JSON is to be.</param>
    /// <param name="value">The JSON.</param>
    /// <exception cref="InvalidOperationException">The name of a field is no Unicode, for example half of a surrogate pair.</exception>
    public static IEnumerable<FieldError> Find(JsonTypeInfo type, JsonElement value) => In(type, value, string.Empty);

    private static IEnumerable<FieldError> In(JsonTypeInfo type, JsonElement value, string path)
    {
        var given = Nullable.GetUnderlyingType(type.Type) is { } underlying ? type.Options.GetTypeInfo(underlying) : type;
        return (given.Kind, value.ValueKind) switch
        {
            (not JsonTypeInfoKind.None, JsonValueKind.Null) => [],
            (_, JsonValueKind.Null) when given != type => [],
            (JsonTypeInfoKind.Object, JsonValueKind.Object) => InObject(given, value, path),
            (JsonTypeInfoKind.Object, _) => [Expected(path, "an object", value)],
            (JsonTypeInfoKind.Dictionary, JsonValueKind.Object) => InDictionary(given, value, path),
            (JsonTypeInfoKind.Dictionary, _) => [Expected(path, "an object", value)],
            (JsonTypeInfoKind.Enumerable, JsonValueKind.Array) => value.EnumerateArray().SelectMany((item, index) => In(ElementOf(given), item, $"{path}[{index}]")),
            (JsonTypeInfoKind.Enumerable, _) => [Expected(path, "an array", value)],
            _ => IsReadable(given, value) ? [] : [Expected(path, Words(given.Type, value), value)],
        };
    }

    private static IEnumerable<FieldError> InObject(JsonTypeInfo type, JsonElement value, string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            var at = Join(path, member.Name);
            if (!seen.Add(member.Name))
            {
                yield return Twice(at);
            }

            var known = type.Properties.FirstOrDefault(property => member.NameEquals(property.Name));
            foreach (var error in known is null ? [Unknown(type, at)] : In(type.Options.GetTypeInfo(known.PropertyType), member.Value, at))
            {
                yield return error;
            }
        }

        foreach (var missing in type.Properties.Where(property => property.IsRequired && !seen.Contains(property.Name)))
        {
            yield return FieldError.Required(Join(path, missing.Name), "it must be there");
        }
    }

    private static IEnumerable<FieldError> InDictionary(JsonTypeInfo type, JsonElement value, string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            var at = Join(path, member.Name);
            if (!seen.Add(member.Name))
            {
                yield return Twice(at);
            }

            foreach (var error in In(ElementOf(type), member.Value, at))
            {
                yield return error;
            }
        }
    }

    private static FieldError Twice(string path) => new(path, "it is there twice");

    private static FieldError Unknown(JsonTypeInfo type, string path) => new(path, $"unknown field: there are {string.Join(", ", type.Properties.Select(property => property.Name))}");

    private static FieldError Expected(string path, string expected, JsonElement found) => new(path, $"expected {expected}, found {Found(found)}");

    private static bool IsReadable(JsonTypeInfo type, JsonElement value)
    {
        try
        {
            value.Deserialize(type);
            return true;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false; // InvalidOperationException: text that is no Unicode.
        }
    }

    private static string Words(Type type, JsonElement found) =>
        type == typeof(string) ? "a string"
        : type == typeof(bool) ? "true or false"
        : type == typeof(int) ? WholeNumber(found, int.MinValue, int.MaxValue)
        : type == typeof(long) ? WholeNumber(found, long.MinValue, long.MaxValue)
        : type == typeof(double) ? "a number"
        : type == typeof(DateTimeOffset) ? "a time such as 2026-11-21T07:33:00Z"
        : type == typeof(Digest) ? "64 hexadecimal digits"
        : type == typeof(DeviceId) || type == typeof(NamespaceName) || type == typeof(DeploymentName) ? $"a name ({DnsLabel.Rule})"
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type).Where(name => name != "Unknown"))}"
        : "a value of another kind";

    private static string WholeNumber(JsonElement found, long least, long most) =>
        found.ValueKind == JsonValueKind.Number && !found.GetRawText().AsSpan().ContainsAny(".eE") ? $"a whole number from {least} to {most}" : "a whole number";

    private static string Found(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ when value.GetRawText() is { Length: > MaxShown } text => text[..MaxShown] + "...",
        _ => value.GetRawText(),
    };

    private static JsonTypeInfo ElementOf(JsonTypeInfo collection) => collection.Options.GetTypeInfo(collection.ElementType!);

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
