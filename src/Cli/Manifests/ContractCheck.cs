using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Cli.Manifests;

/// <summary>
/// Compares JSON with the contracts' own shape: unknown fields, and values of the wrong kind, each with its path. A server ignores
/// unknown fields, so that newer clients may talk to it; here a typing error must not be swallowed.
/// </summary>
internal sealed class ContractCheck
{
    private const int MaxErrors = 10;
    private const int MaxShown = 60;

    private readonly List<FieldError> errors = [];

    private ContractCheck()
    {
    }

    /// <summary>What is wrong with <paramref name="value"/> as a <paramref name="shape"/>; the first ten.</summary>
    public static IReadOnlyList<FieldError> Run(JsonObject value, JsonTypeInfo shape)
    {
        var check = new ContractCheck();
        check.Object(value, shape, string.Empty);
        return check.errors;
    }

    private void Value(JsonNode? value, Type type, string path)
    {
        if (errors.Count >= MaxErrors)
        {
            return;
        }

        var shape = ContractsJson.Resources.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        switch (shape?.Kind)
        {
            // Null is the same as left out, as in Kubernetes.
            case not null when value is null:
                break;
            case JsonTypeInfoKind.Object:
                Expect(value as JsonObject, path, value, "an object", mapping => Object(mapping, shape, path));
                break;
            case JsonTypeInfoKind.Dictionary:
                Expect(value as JsonObject, path, value, "an object", mapping => Dictionary(mapping, shape, path));
                break;
            case JsonTypeInfoKind.Enumerable:
                Expect(value as JsonArray, path, value, "a list", list => List(list, shape, path));
                break;
            case JsonTypeInfoKind.None:
                Scalar(value!, shape.Type, path);
                break;
        }
    }

    private void Object(JsonObject mapping, JsonTypeInfo shape, string path)
    {
        foreach (var (name, value) in mapping)
        {
            var property = shape.Properties.FirstOrDefault(known => string.Equals(known.Name, name, StringComparison.Ordinal));
            if (property is null)
            {
                var meant = Suggestion.For(name, shape.Properties.Select(known => known.Name));
                Add(Join(path, name), meant is null ? "unknown field" : $"unknown field: did you mean '{meant}'?");
            }
            else
            {
                Value(value, property.PropertyType, Join(path, name));
            }
        }
    }

    private void Dictionary(JsonObject mapping, JsonTypeInfo shape, string path)
    {
        foreach (var (name, value) in mapping)
        {
            if (value is null)
            {
                Add(Join(path, name), "a text is expected, and null is none: write \"\" for an empty one");
            }

            Value(value, shape.ElementType!, Join(path, name));
        }
    }

    private void List(JsonArray list, JsonTypeInfo shape, string path)
    {
        for (var index = 0; index < list.Count; index++)
        {
            if (list[index] is null)
            {
                Add($"{path}[{index}]", "an item is missing: null is none");
            }

            Value(list[index], shape.ElementType!, $"{path}[{index}]");
        }
    }

    private void Scalar(JsonNode value, Type type, string path)
    {
        var kind = value.GetValueKind();
        if (type == typeof(bool))
        {
            Demand(kind is JsonValueKind.True or JsonValueKind.False, value, path, "true or false");
        }
        else if (type == typeof(int) || type == typeof(long))
        {
            var isWhole = kind == JsonValueKind.Number && long.TryParse(value.ToJsonString(), out var number) && (type == typeof(long) || number is >= int.MinValue and <= int.MaxValue);
            Demand(isWhole, value, path, "a whole number");
        }
        else if (type.IsEnum)
        {
            var names = Enum.GetNames(type).Where(name => name != "Unknown").ToList();
            Demand(kind == JsonValueKind.String && names.Contains(value.GetValue<string>(), StringComparer.Ordinal), value, path, $"one of {string.Join(", ", names)}");
        }
        else if (type == typeof(DateTimeOffset))
        {
            Demand(kind == JsonValueKind.String && DateTimeOffset.TryParse(value.GetValue<string>(), out _), value, path, "a time like 2026-11-21T07:33:00Z");
        }
        else if (type == typeof(string))
        {
            Demand(kind == JsonValueKind.String, value, path, "a text");
        }
    }

    private void Expect<T>(T? value, string path, JsonNode? found, string expected, Action<T> then)
        where T : JsonNode
    {
        if (value is null)
        {
            Demand(false, found!, path, expected);
        }
        else
        {
            then(value);
        }
    }

    private void Demand(bool isRight, JsonNode value, string path, string expected)
    {
        if (!isRight)
        {
            var text = Text(value);
            var length = text.Length <= MaxShown ? text.Length : char.IsHighSurrogate(text[MaxShown - 1]) ? MaxShown - 1 : MaxShown;
            var advice = expected == "a text" && value is JsonValue ? ": put it in quotes" : string.Empty;
            Add(path, $"{expected} is expected, not {text[..length]}{(length < text.Length ? "..." : string.Empty)}{advice}");
        }
    }

    private static string Text(JsonNode value) => value switch
    {
        JsonValue number when number.TryGetValue<WrittenNumber>(out var written) => written.Text,
        JsonValue text when text.GetValueKind() == JsonValueKind.String => $"\"{text.GetValue<string>()}\"",
        _ => value.ToJsonString(),
    };

    private void Add(string path, string message)
    {
        if (errors.Count < MaxErrors)
        {
            errors.Add(new FieldError(path, message));
        }
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
