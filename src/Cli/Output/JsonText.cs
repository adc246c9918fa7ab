using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Harmony.Fleet.Contracts.Texts;

namespace Harmony.Fleet.Cli.Output;

/// <summary>JSON as people read it.</summary>
internal static class JsonText
{
    // The output is read by terminals and programs, never as a part of HTML.
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><paramref name="element"/>, indented by two spaces.</summary>
    public static string Pretty(JsonElement element) => Write(Indented, element.WriteTo);

    /// <summary><c>{"items":[...]}</c>, indented.</summary>
    public static string PrettyList(IEnumerable<JsonElement> items) => Write(Indented, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("items");
        foreach (var item in items)
        {
            item.WriteTo(writer);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary><c>{"type":"...","object":...}</c> on one line.</summary>
    public static string Change(string type, JsonElement element) => Write(OneLine, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("type", type);
        writer.WritePropertyName("object");
        element.WriteTo(writer);
        writer.WriteEndObject();
    });

    /// <summary><paramref name="element"/> on one line.</summary>
    public static string Line(JsonElement element) => Write(OneLine, element.WriteTo);

    private static string Write(JsonWriterOptions options, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            write(writer);
        }

        return Escaped(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <summary>The same values: what a terminal would obey stands as an escape of JSON. Such characters are in texts alone.</summary>
    private static string Escaped(string json)
    {
        if (Ascii.IsValid(json) || !Printable.Runes(json).Any(one => !one.Rune.IsAscii && one.IsHidden))
        {
            return json;
        }

        var text = new StringBuilder(json.Length);
        foreach (var (rune, isHidden) in Printable.Runes(json))
        {
            var one = rune.ToString();
            text.Append(rune.IsAscii || !isHidden ? one : string.Concat(one.Select(half => $"\\u{(int)half:x4}")));
        }

        return text.ToString();
    }
}
