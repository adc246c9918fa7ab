using System.Buffers;

namespace Harmony.Fleet.Ports.Bus;

/// <summary>What buckets and keys may be called, by the rules that every NATS client holds to.</summary>
public static class KeyRules
{
    /// <summary>The rule of keys in one sentence, for error texts.</summary>
    public const string Rule = "letters, digits and any of - / _ = . (not at an end, not twice in a row)";

    private static readonly SearchValues<char> _inBucket = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    private static readonly SearchValues<char> _inKey = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-/=.");
    private static readonly SearchValues<char> _inFilter = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-/=.*>");

    /// <summary>Says whether <paramref name="name"/> can be a bucket's.</summary>
    public static bool IsBucket(string name) => name.Length is > 0 and <= 200 && !name.AsSpan().ContainsAnyExcept(_inBucket);

    /// <summary>Says whether <paramref name="key"/> can be a key.</summary>
    public static bool IsKey(string key) => IsMadeOf(key, _inKey);

    /// <summary>Says whether <paramref name="filter"/> can select keys.</summary>
    public static bool IsFilter(string filter) => IsMadeOf(filter, _inFilter);

    private static bool IsMadeOf(string text, SearchValues<char> allowed) =>
        text.Length is > 0 and <= 1024
        && text[0] != '.' && text[^1] != '.'
        && !text.Contains("..", StringComparison.Ordinal)
        && !text.AsSpan().ContainsAnyExcept(allowed);
}
