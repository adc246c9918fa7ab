using System.Text.RegularExpressions;

namespace Harmony.Fleet.Core.Images;

/// <summary>The parts of an image reference. Every pattern is linear; the time limit is only a second line of defence.</summary>
internal static partial class ImageGrammar
{
    private const int LimitMilliseconds = 1000;

    /// <summary>A host (name, IPv4 or IPv6 in brackets) and maybe a port.</summary>
    [GeneratedRegex(
        @"\A(([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(:[0-9]{1,5})?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, LimitMilliseconds)]
    public static partial Regex Registry();

    /// <summary>Path components with <c>/</c> between.</summary>
    [GeneratedRegex(
        @"\A[a-z0-9]+((\.|__?|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|__?|-+)[a-z0-9]+)*)*\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, LimitMilliseconds)]
    public static partial Regex Repository();

    /// <summary>A tag.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, LimitMilliseconds)]
    public static partial Regex Tag();

    /// <summary>A digest: the registered algorithms.</summary>
    [GeneratedRegex(@"\A(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, LimitMilliseconds)]
    public static partial Regex Digest();
}
