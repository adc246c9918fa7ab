using System.Buffers;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Resources;

/// <summary>Kubernetes' syntax of label keys, label values and finalizers.</summary>
public static class LabelSyntax
{
    /// <summary>The longest label value, and the longest key without its prefix, in characters.</summary>
    public const int MaxNameLength = 63;

    /// <summary>The longest prefix of a key, in characters.</summary>
    public const int MaxPrefixLength = 253;

    /// <summary>The rule for keys in one sentence, for error texts.</summary>
    public const string KeyRule =
        "an optional DNS prefix and '/', then 1 to 63 characters of letters, digits, '-', '_' and '.', beginning and ending with a letter or digit";

    /// <summary>The rule for values in one sentence, for error texts.</summary>
    public const string ValueRule =
        "at most 63 characters of letters, digits, '-', '_' and '.', beginning and ending with a letter or digit, or nothing";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>Says whether <paramref name="key"/> is a label key: <c>name</c> or <c>dns.prefix/name</c>.</summary>
    public static bool IsKey(ReadOnlySpan<char> key)
    {
        var slash = key.IndexOf('/');
        return slash < 0 ? IsName(key) : IsPrefix(key[..slash]) && IsName(key[(slash + 1)..]);
    }

    /// <summary>Says whether <paramref name="value"/> is a label value; it may be empty.</summary>
    public static bool IsValue(ReadOnlySpan<char> value) => value.IsEmpty || IsName(value);

    private static bool IsName(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= MaxNameLength
        && char.IsAsciiLetterOrDigit(name[0])
        && char.IsAsciiLetterOrDigit(name[^1])
        && !name.ContainsAnyExcept(Allowed);

    private static bool IsPrefix(ReadOnlySpan<char> prefix)
    {
        if (prefix.Length is 0 or > MaxPrefixLength)
        {
            return false;
        }

        foreach (var part in prefix.Split('.'))
        {
            if (!DnsLabel.IsValid(prefix[part]))
            {
                return false;
            }
        }

        return true;
    }
}
