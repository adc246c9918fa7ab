using System.Text;
using System.Text.Json;

namespace Harmony.Fleet.Cli.Manifests;

/// <summary>What the JSON library says of a text, in this program's own words.</summary>
internal static class JsonErrors
{
    private static readonly (string Said, string Meant)[] Known =
    [
        ("maximum configured depth", $"it is nested deeper than {LoadLimits.MaxDepth} levels"),
        ("depth to be zero", "it ends before each bracket is closed"),
        ("end of string", "it ends in the middle of a text: a closing \" is missing"),
        ("end of data", "it ends in the middle of a value"),
        ("trailing comma", "a comma stands before the end of an object or a list: leave it out"),
        ("escapable character", "a backslash stands before what it does not escape: write \\\\ for one"),
        ("hex digit", "\\u stands before what are no four hexadecimal digits"),
        ("within a JSON string", "a line break or another control character stands in a text: write it as an escape, such as \\n"),
        ("Expected a ':'", "a ':' is missing after a key"),
        ("start of a property name", "a key in double quotes is expected"),
        ("after a value", "a comma or a closing bracket is expected"),
        ("after a single JSON value", "another value is expected, or the end"),
        ("leading zero", "what stands here is no number: none begins with 0"),
        ("number", "what stands here is no number"),
        ("digit", "what stands here is no number"),
        ("literal", "what stands here is no value: a text is in double quotes"),
        ("start of a value", "a value is expected"),
    ];

    /// <summary>What <paramref name="error"/> means, with the character that stands where it was found.</summary>
    public static string Sentence(JsonException error, ReadOnlySpan<byte> rest)
    {
        if (rest is [(byte)'/' or (byte)'#', ..])
        {
            return "a comment is no part of JSON: leave it out, or write YAML";
        }

        var meant = Known.FirstOrDefault(known => error.Message.Contains(known.Said, StringComparison.Ordinal)).Meant ?? "it cannot be read from here on";
        meant = rest.IsEmpty && !meant.StartsWith("it ", StringComparison.Ordinal) ? "it ends in the middle of a value" : meant;
        return meant.EndsWith(" is expected", StringComparison.Ordinal) ? $"{meant}, and not {Sign(rest)}" : meant;
    }

    private static string Sign(ReadOnlySpan<byte> rest) => Rune.DecodeFromUtf8(rest, out var rune, out _) == System.Buffers.OperationStatus.Done ? $"'{rune}'" : "the end";
}
