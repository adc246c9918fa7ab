using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Manifests;

/// <summary>Reads JSON: one value or several after each other; a key that is there twice is an error.</summary>
internal static class JsonLoader
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = LoadLimits.MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The values of <paramref name="bytes"/>.</summary>
    public static Outcome<List<JsonNode?>> Load(ReadOnlySpan<byte> bytes, string origin)
    {
        var values = new List<JsonNode?>();
        var begin = Next(bytes, 0);
        try
        {
            while (begin < bytes.Length)
            {
                var reader = new Utf8JsonReader(bytes[begin..], new JsonReaderOptions { MaxDepth = LoadLimits.MaxDepth, AllowMultipleValues = true });
                if (BrokenText(ref reader) is { } index)
                {
                    return Fault.Invalid(
                        $"{origin} is no JSON ({SourceText.Place(bytes, begin + index)}): a text has half of a surrogate pair in it, which is no character",
                        "write both halves, or the character itself");
                }

                var end = begin + (int)reader.BytesConsumed;
                values.Add(JsonNode.Parse(bytes[begin..end], documentOptions: Options));
                begin = Next(bytes, end);
            }

            return values;
        }
        catch (JsonException error)
        {
            return Fault.Invalid($"{origin} is no JSON{Place(error, bytes, begin)}: {Sentence(error)}");
        }
    }

    /// <summary>Where the next value begins. Files that were joined have a byte order mark before each.</summary>
    private static int Next(ReadOnlySpan<byte> bytes, int at)
    {
        while (at < bytes.Length)
        {
            var step = bytes[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' ? 1 : bytes[at..].StartsWith("\ufeff"u8) ? 3 : 0;
            if (step == 0)
            {
                break;
            }

            at += step;
        }

        return at;
    }

    /// <summary>Reads one value, all of it.</summary>
    /// <returns>Where a text stands that no string can hold: the parser finds that out only when the text is asked for.</returns>
    private static int? BrokenText(ref Utf8JsonReader reader)
    {
        do
        {
            reader.Read();
            try
            {
                _ = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped ? reader.GetString() : null;
            }
            catch (InvalidOperationException)
            {
                return (int)reader.TokenStartIndex;
            }
        }
        while (reader.CurrentDepth > 0 || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray);
        return null;
    }

    /// <summary>The error counts from where its value begins.</summary>
    private static string Place(JsonException error, ReadOnlySpan<byte> bytes, int begin)
    {
        if (error.LineNumber is not { } lines)
        {
            return string.Empty;
        }

        var before = bytes[..begin];
        var column = (error.BytePositionInLine ?? 0) + (lines == 0 ? before.Length - before.LastIndexOf((byte)'\n') : 1);
        return $" (line {before.Count((byte)'\n') + lines + 1}, column {column})";
    }

    private static string Sentence(JsonException error)
    {
        var text = error.Message;
        var place = text.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (place < 0 ? text : text[..place]).TrimEnd('.', ' ');
    }
}
