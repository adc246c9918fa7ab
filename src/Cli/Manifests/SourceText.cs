using System.Text;
using System.Text.RegularExpressions;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Manifests;

/// <summary>The bytes of a source as text: UTF-8 and nothing else, wherever they come from.</summary>
internal static partial class SourceText
{
    private const char Mark = '\ufeff';

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of <paramref name="bytes"/>, without the byte order marks before its documents: files that were joined have several.</summary>
    public static Outcome<string> Decode(ReadOnlySpan<byte> bytes, string origin)
    {
        if (bytes is [0xff, 0xfe, ..] or [0xfe, 0xff, ..])
        {
            return Fault.Invalid($"{origin} is UTF-16 text", "save it as UTF-8");
        }

        try
        {
            var text = Utf8.GetString(bytes);
            return text.Contains(Mark, StringComparison.Ordinal) ? Marks().Replace(text, string.Empty) : text;
        }
        catch (DecoderFallbackException error)
        {
            return Fault.Invalid($"{origin} is no UTF-8 text ({Place(bytes, error.Index)})", "save it as UTF-8");
        }
    }

    /// <summary>The place of the byte <paramref name="index"/>, for people.</summary>
    public static string Place(ReadOnlySpan<byte> bytes, int index)
    {
        var before = bytes[..Math.Clamp(index, 0, bytes.Length)];
        return $"line {before.Count((byte)'\n') + 1}, column {before.Length - before.LastIndexOf((byte)'\n')}";
    }

    [GeneratedRegex(@"\A\uFEFF|(?<=^\uFEFF?(?:---|\.\.\.)[ \t]*(?:\#[^\n]*)?\r?\n)\uFEFF|^\uFEFF(?=---\s)", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Marks();
}
