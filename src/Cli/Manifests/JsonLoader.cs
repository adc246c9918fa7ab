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
                if (Flaw(ref reader) is { } flaw)
                {
                    return Fault.Invalid($"{origin} is no JSON ({SourceText.Place(bytes, begin + flaw.At)}): {flaw.Why}");
                }

                var end = begin + (int)reader.BytesConsumed;
                values.Add(JsonNode.Parse(bytes[begin..end], documentOptions: Options));
                begin = Next(bytes, end);
            }

            return values;
        }
        catch (JsonException error)
        {
            var at = At(error, bytes, begin);
            return Fault.Invalid($"{origin} is no JSON ({SourceText.Place(bytes, at)}): {JsonErrors.Sentence(error, bytes[at..])}");
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
    /// <returns>Where something stands that the parser lets pass, or finds out only when it is asked for, and what is wrong with it.</returns>
    private static (int At, string Why)? Flaw(ref Utf8JsonReader reader)
    {
        var names = new Stack<HashSet<string>>();
        do
        {
            reader.Read();
            try
            {
                var text = reader.TokenType == JsonTokenType.PropertyName || (reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped) ? reader.GetString() : null;
                if (reader.TokenType == JsonTokenType.PropertyName && !names.Peek().Add(text!))
                {
                    return ((int)reader.TokenStartIndex, $"the key '{text}' is there twice");
                }
            }
            catch (InvalidOperationException)
            {
                return ((int)reader.TokenStartIndex, "a text has half of a surrogate pair in it, which is no character: write both halves, or the character itself");
            }

            if (reader.TokenType == JsonTokenType.StartObject)
            {
                names.Push(new HashSet<string>(StringComparer.Ordinal));
            }
            else if (reader.TokenType == JsonTokenType.EndObject)
            {
                names.Pop();
            }
        }
        while (reader.CurrentDepth > 0 || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray);
        return null;
    }

    /// <summary>Where the error is: it counts from where its value begins.</summary>
    private static int At(JsonException error, ReadOnlySpan<byte> bytes, int begin)
    {
        var at = begin;
        for (var lines = error.LineNumber ?? 0; lines > 0 && bytes[at..].IndexOf((byte)'\n') is >= 0 and var end; lines--)
        {
            at += end + 1;
        }

        return (int)Math.Min(bytes.Length, at + (error.BytePositionInLine ?? 0));
    }
}
