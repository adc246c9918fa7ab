using System.Buffers;

namespace Harmony.Fleet.Contracts.Names;

/// <summary>The rule that every name of a fleet obeys: an RFC 1123 DNS label, as Kubernetes uses it for namespaces.</summary>
public static class DnsLabel
{
    /// <summary>The longest label, in characters.</summary>
    public const int MaxLength = 63;

    /// <summary>The rule in one sentence, for error texts.</summary>
    public const string Rule = "1 to 63 characters of a-z, 0-9 and '-', beginning and ending with a letter or digit";

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Says whether <paramref name="text"/> is a DNS label.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxLength && text[0] != '-' && text[^1] != '-' && !text.ContainsAnyExcept(Allowed);
}
