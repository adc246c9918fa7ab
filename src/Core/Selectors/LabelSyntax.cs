using System.Buffers;

namespace Harmony.Fleet.Core.Selectors;

/// <summary>Kubernetes' rules for the keys and values of labels, with its own error texts.</summary>
public static class LabelSyntax
{
    private const int MaxName = 63;
    private const int MaxPrefix = 253;
    private const string Qualified =
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    private const string Subdomain =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character "
        + @"(e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string Value =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

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
            return $"a qualified name {Qualified} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
        }

        return PrefixError(key.AsSpan(0, slash)) ?? NameError(key.AsSpan(slash + 1));
    }

    /// <summary>What is wrong with a value; null when nothing is.</summary>
    public static string? ValueError(string value)
    {
        if (value.Length > MaxName)
        {
            return $"must be no more than {MaxName} characters";
        }

        return value.Length == 0 || IsName(value) ? null : Value;
    }

    /// <summary>Whether both the key and the value are as they should be.</summary>
    public static bool IsValid(string key, string value) => KeyError(key) is null && ValueError(value) is null;

    private static string? NameError(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty)
        {
            return "name part must be non-empty";
        }

        return name.Length > MaxName ? $"name part must be no more than {MaxName} characters" : IsName(name) ? null : $"name part {Qualified}";
    }

    private static string? PrefixError(ReadOnlySpan<char> prefix)
    {
        if (prefix.IsEmpty)
        {
            return "prefix part must be non-empty";
        }

        return prefix.Length > MaxPrefix ? $"prefix part must be no more than {MaxPrefix} characters"
            : IsSubdomain(prefix) ? null : $"prefix part {Subdomain}";
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
