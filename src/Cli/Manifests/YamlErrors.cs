using YamlDotNet.Core;

namespace Harmony.Fleet.Cli.Manifests;

/// <summary>What the YAML library says of a text, in this program's own words; what the loader itself says is passed on.</summary>
internal static class YamlErrors
{
    private static readonly (string Said, string Meant)[] Known =
    [
        ("flow sequence, did not find", "a list in brackets needs a ',' or its ']' here"),
        ("flow mapping, did not find", "a mapping in braces needs a ',' or its '}' here"),
        ("invalid mapping", "a ':' stands where none can: quote the value that holds it, or mend the indentation"),
        ("unexpected end of stream", "the quote that begins here is not closed"),
        ("cannot start any token", "no value begins with this character: quote it"),
        ("unknown escape character", "a backslash in this text stands before what it does not escape: write \\\\ for one, or single quotes"),
        ("expected hexadecimal number", "an escape in this text lacks hexadecimal digits"),
        ("invalid Unic", "an escape in this text is no character: half of a surrogate pair has none"),
        ("expected key", "a key with its ':' is expected: something before this is not closed or not indented as it should be"),
        ("'-' indicator", "an item with its '-' is expected, or less indentation"),
        ("Block sequence entries", "a list with '-' begins on a line of its own"),
        ("Mapping values", "a ':' stands where none can: quote the value that holds it, or mend the indentation"),
        ("could not find expected ':'", "a ':' is missing after a key"),
        ("anchor or alias", "a name is missing after & or *: quote a value that begins with one"),
        ("more than one anchor", "a value has one anchor at the most"),
        ("node content", "a value is expected"),
        ("scanning a tag", "a tag is not closed: quote a value that begins with !"),
        ("block scalar", "what stands behind | or > is neither its indentation nor the line's end"),
    ];

    /// <summary>What <paramref name="error"/> means, without its place.</summary>
    public static string Sentence(YamlException error)
    {
        // The library's messages begin with the place, which is told already.
        var text = error.Message;
        var colon = text.StartsWith('(') ? text.IndexOf("): ", StringComparison.Ordinal) : -1;
        text = (colon < 0 ? text : text[(colon + 3)..]).TrimEnd('.', ' ').Replace("  ", " ", StringComparison.Ordinal);
        return Known.FirstOrDefault(known => text.Contains(known.Said, StringComparison.Ordinal)).Meant
            ?? (text.StartsWith("While ", StringComparison.Ordinal) ? "it cannot be read from here on" : text);
    }
}
