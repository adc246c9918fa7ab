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
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = LoadLimits.MaxDepth, AllowMultipleValues = true });
            while (reader.Read())
            {
                var begin = (int)reader.TokenStartIndex;
                reader.Skip();
                values.Add(JsonNode.Parse(bytes[begin..(int)reader.BytesConsumed], documentOptions: Options));
            }

            return values;
        }
        catch (JsonException error)
        {
            return Fault.Invalid($"{origin} is no JSON{Place(error)}: {Sentence(error)}");
        }
    }

    private static string Place(JsonException error) => error.LineNumber is { } line ? $" (line {line + 1}, column {error.BytePositionInLine + 1})" : string.Empty;

    private static string Sentence(JsonException error)
    {
        var text = error.Message;
        var place = text.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (place < 0 ? text : text[..place]).TrimEnd('.', ' ');
    }
}
