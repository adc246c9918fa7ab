using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Harmony.Fleet.Contracts.Texts;

namespace Harmony.Fleet.Cli.Output;

/// <summary>JSON values as block YAML. A text is plain only where YAML 1.1 and 1.2 both read it as a text; all others stand in double quotes.</summary>
internal static class YamlText
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-");

    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase) { "null", "true", "false", "yes", "no", "on", "off", "y", "n" };

    /// <summary>The text of <paramref name="element"/>, ending with a line break.</summary>
    public static string Of(JsonElement element)
    {
        var text = new StringBuilder();
        Block(text, element, 0, isInline: false);
        return text.ToString();
    }

    /// <summary>The text of a list <c>items:</c>.</summary>
    public static string OfList(IEnumerable<JsonElement> items)
    {
        var all = items.ToList();
        var text = new StringBuilder(all.Count == 0 ? "items: []\n" : "items:\n");
        foreach (var item in all)
        {
            Item(text, item, 0);
        }

        return text.ToString();
    }

    private static void Block(StringBuilder text, JsonElement element, int indent, bool isInline)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object when element.EnumerateObject().Any():
                Members(text, element, indent, isInline);
                break;
            case JsonValueKind.Array when element.GetArrayLength() > 0:
                foreach (var item in element.EnumerateArray())
                {
                    Item(text, item, indent);
                }

                break;
            default:
                text.Append(Scalar(element)).Append('\n');
                break;
        }
    }

    private static void Members(StringBuilder text, JsonElement element, int indent, bool isInline)
    {
        // After "- " the first member stands on the same line.
        var isFirst = isInline;
        foreach (var member in element.EnumerateObject())
        {
            text.Append(' ', isFirst ? 0 : indent).Append(Text(member.Name)).Append(':');
            isFirst = false;
            Value(text, member.Value, indent);
        }
    }

    private static void Value(StringBuilder text, JsonElement value, int indent)
    {
        if (!IsNested(value))
        {
            text.Append(' ').Append(Scalar(value)).Append('\n');
            return;
        }

        text.Append('\n');

        // As Kubernetes' tools write it: a list's dashes stand under its name.
        Block(text, value, value.ValueKind == JsonValueKind.Object ? indent + 2 : indent, isInline: false);
    }

    private static void Item(StringBuilder text, JsonElement item, int indent)
    {
        text.Append(' ', indent).Append('-');
        if (item.ValueKind == JsonValueKind.Array && IsNested(item))
        {
            text.Append('\n');
            Block(text, item, indent + 2, isInline: false);
            return;
        }

        text.Append(' ');
        Block(text, item, indent + 2, isInline: true);
    }

    private static bool IsNested(JsonElement value) =>
        (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Any()) || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0);

    private static string Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{}",
        JsonValueKind.Array => "[]",
        JsonValueKind.String => Text(value.GetString()!),
        _ => value.GetRawText(),
    };

    private static string Text(string text) => IsPlain(text) ? text : Quoted(text);

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' or '\\' => quoted.Append('\\').Append(rune),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ when !IsHidden(rune) => quoted.Append(rune),

                // One escape for one character: pairs of surrogates are JSON's, and no YAML parser has to know them.
                _ => quoted.Append(Printable.Escape(rune)),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>Whether nobody would see it, or not as what it is.</summary>
    private static bool IsHidden(Rune rune) =>
        Printable.IsHidden(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    private static bool IsPlain(string text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '/') && !text.AsSpan().ContainsAnyExcept(Plain) && !Words.Contains(text);
}
