using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Harmony.Fleet.Contracts.Names;

/// <summary>A SHA-256 digest: 64 lower-case hexadecimal characters, without a prefix.</summary>
[JsonConverter(typeof(NameConverter<Digest>))]
public readonly record struct Digest : IName<Digest>
{
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    private readonly string? value;

    private Digest(string value) => this.value = value;

    /// <inheritdoc/>
    public string Value => value ?? string.Empty;

    /// <summary>The first 12 characters, for people to read.</summary>
    public string Short => Value.Length == 0 ? string.Empty : Value[..12];

    /// <summary>The digest of <paramref name="content"/>.</summary>
    public static Digest Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return new Digest(Convert.ToHexStringLower(hash));
    }

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? text, out Digest name)
    {
        var valid = text is { Length: 64 } && !text.AsSpan().ContainsAnyExcept(Hex);
        name = valid ? new Digest(text!) : default;
        return valid;
    }

    /// <summary>Parses <paramref name="text"/>; for text that is known to be valid.</summary>
    /// <exception cref="FormatException">It is no digest.</exception>
    public static Digest Parse(string text) =>
        TryParse(text, out var digest) ? digest : throw new FormatException($"'{text}' is no SHA-256 digest in hexadecimal.");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
