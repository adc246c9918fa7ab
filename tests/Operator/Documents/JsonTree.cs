using System.Text;
using System.Text.Json;

namespace Harmony.Fleet.Tests.Operator.Documents;

/// <summary>JSON whose parts can be changed into what a serializer would never write: fields twice, of another type, with names that are escaped.</summary>
internal sealed class JsonTree
{
    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1", "7.0", "1e3", "2147483648", "9223372036854775807", "9223372036854775808", "\"\"", "\"a\"", "\"fleet/v1\"", "\"Running\"", "\"running\"", "\"1\"",
        "\"\\u0061\"", "\"\\ud800\"", "\"\u00e9\"", "\"2026-11-27T09:00:00Z\"", "\"2026-11-27T09:00:00.1234567+02:00\"", "\"2026-11-27\"", "[]", "{}", "[null]", "[{}]", "{\"term\":1}",
        "{\"term\":1,\"counter\":2,\"x\":{}}", "\"AAAA\"", "\"A\"", "{\"reason\":\"Stale\"}", "\"00000000000000000000000000000000000000000000000000000000000000ff\"",
        "\"00000000000000000000000000000000000000000000000000000000000000FF\"", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    ];

    private static readonly string[] Names = ["", "later", "$id", "$type", "order", "Device", "\\u0064evice", "\u00e9", "phase", "at", "name", "device", "load"];
    private readonly List<(string? Name, JsonTree Value)> children = [];
    private string? text;
    private bool isObject;

    /// <summary>The tree of a document.</summary>
    public static JsonTree Of(JsonElement element)
    {
        var tree = new JsonTree { isObject = element.ValueKind == JsonValueKind.Object };
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                tree.children.AddRange(element.EnumerateObject().Select(field => ((string?)field.Name, Of(field.Value))));
                break;
            case JsonValueKind.Array:
                tree.children.AddRange(element.EnumerateArray().Select(one => ((string?)null, Of(one))));
                break;
            default:
                tree.text = element.GetRawText();
                break;
        }

        return tree;
    }

    /// <summary>Changes one of its parts.</summary>
    public void Change(Random random)
    {
        var parents = Parents().ToArray();
        var parent = parents[random.Next(parents.Length)];
        var (at, other) = (random.Next(parent.children.Count), new JsonTree { text = Values[random.Next(Values.Length)] });
        var (name, value) = parent.children[at];
        switch (random.Next(6))
        {
            case 0:
                parent.children.RemoveAt(at);
                break;
            case 1:
                parent.children.Add((name, other));
                break;
            case 2:
                parent.children[at] = (name, other);
                break;
            case 3:
                parent.children.RemoveAt(at);
                parent.children.Insert(random.Next(parent.children.Count + 1), (name, value));
                break;
            case 4:
                parent.children.Insert(at, (name is null ? null : Names[random.Next(Names.Length)], other));
                break;
            default:
                parent.children[at] = (name is null ? null : Names[random.Next(Names.Length)], value);
                break;
        }
    }

    public override string ToString()
    {
        if (text is not null)
        {
            return text;
        }

        var inside = string.Join(',', children.Select(child => (child.Name is null ? string.Empty : $"\"{child.Name}\": ") + child.Value));
        return isObject ? $"{{{inside}}}" : $"[{inside}]";
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());

    private IEnumerable<JsonTree> Parents() => children.Count == 0 ? [] : [this, .. children.SelectMany(child => child.Value.Parents())];
}
