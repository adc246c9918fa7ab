using System.Buffers;

namespace Harmony.Fleet.Core.Selectors;

/// <summary>Kubernetes' rules for the keys and values of labels, in plain words.</summary>
public static class LabelSyntax
{
    private const int MaxName = 63;
    private const int MaxPrefix = 253;
    private const string Qualified =
        "has letters, digits, '-', '_' and '.', and begins and ends with a letter or digit (for example 'site' or 'my.name-1')";
    private const string Subdomain =
        "is a domain name: lower case letters, digits, '-' and '.', each part beginning and ending with a letter or digit (for example 'example.com')";
    private const string Value =
        "a value is empty, or has letters, digits, '-', '_' and '.', and begins and ends with a letter or digit (for example 'lyon' or 'rack_2')";

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private static readonly SearchValues<char> PrefixCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>What is wrong with a key (<c>name</c> or <c>dns.prefix/name</c>); null when nothing is.</summary>
    public static string? KeyError(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return NameError(key);
        }

        if (key.IndexOf('/', slash + 1) >= 0)
        {
            return "a key has at most one '/', after a domain name (for example 'example.com/site')";
        }

        return PrefixError(key.AsSpan(0, slash)) ?? NameError(key.AsSpan(slash + 1));
    }

    /// <summary>What is wrong with a value; null when nothing is.</summary>
    public static string? ValueError(string value)
    {
        if (value.Length > MaxName)
        {
            return $"a value has at most {MaxName} characters";
        }

        return value.Length == 0 || IsName(value) ? null : Value;
    }

    /// <summary>Whether both the key and the value are as they should be.</summary>
    public static bool IsValid(string key, string value) => KeyError(key) is null && ValueError(value) is null;

    private static string? NameError(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty)
        {
            return "a key is empty";
        }

        return name.Length > MaxName ? $"a key has at most {MaxName} characters after its '/'" : IsName(name) ? null : $"a key {Qualified}";
    }

    private static string? PrefixError(ReadOnlySpan<char> prefix)
    {
        if (prefix.IsEmpty)
        {
            return "nothing stands before the '/' of the key: leave it out, or name a domain (for example 'example.com/site')";
        }

        return prefix.Length > MaxPrefix ? $"what stands before the '/' of a key has at most {MaxPrefix} characters"
            : IsSubdomain(prefix) ? null : $"what stands before the '/' of a key {Subdomain}";
    }

    private static bool IsName(ReadOnlySpan<char> name) =>
        char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1]) && !name.ContainsAnyExcept(NameCharacters);

    private static bool IsSubdomain(ReadOnlySpan<char> prefix)
    {
        foreach (var range in prefix.Split('.'))
        {
            var part = prefix[range];
            if (part.IsEmpty || part[0] == '-' || part[^1] == '-' || part.ContainsAnyExcept(PrefixCharacters))
            {
                return false;
            }
        }

        return true;
    }
}
