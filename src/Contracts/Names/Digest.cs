using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Harmony.Fleet.Contracts.Names;

/// <summary>A SHA-256 digest, written as 64 lower-case hexadecimal characters without a prefix. It is kept as 32 bytes: a fleet has several for each device.</summary>
[JsonConverter(typeof(NameConverter<Digest>))]
public readonly struct Digest : IName<Digest>, IEquatable<Digest>
{
    private const int ShortLength = 12;

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    private readonly byte[]? hash;

    private Digest(byte[] hash) => this.hash = hash;

    /// <inheritdoc/>
    public string Value => hash is null ? string.Empty : Convert.ToHexStringLower(hash);

    /// <summary>The first 12 characters, for people to read.</summary>
    public string Short => hash is null ? string.Empty : Convert.ToHexStringLower(hash, 0, ShortLength / 2);

    /// <summary>Its 32 bytes; none for <c>default</c>.</summary>
    public ReadOnlySpan<byte> Hash => hash;

    /// <summary>Whether both are of the same content.</summary>
    public static bool operator ==(Digest left, Digest right) => left.Equals(right);

    /// <summary>Whether they are of different contents.</summary>
    public static bool operator !=(Digest left, Digest right) => !left.Equals(right);

    /// <summary>The digest of <paramref name="content"/>.</summary>
    public static Digest Of(ReadOnlySpan<byte> content) => new(SHA256.HashData(content));

    /// <summary>The digest whose bytes are <paramref name="hash"/>.</summary>
    /// <param name="hash">32 bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are not 32.</exception>
    public static Digest OfHash(ReadOnlySpan<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, SHA256.HashSizeInBytes, nameof(hash));
        return new(hash.ToArray());
    }

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? text, out Digest name)
    {
        var valid = text is { Length: 2 * SHA256.HashSizeInBytes } && !text.AsSpan().ContainsAnyExcept(Hex);
        name = valid ? new Digest(Convert.FromHexString(text!)) : default;
        return valid;
    }

    /// <summary>Parses <paramref name="text"/>; for text that is known to be valid.</summary>
    /// <exception cref="FormatException">It is no digest.</exception>
    public static Digest Parse(string text) =>
        TryParse(text, out var digest) ? digest : throw new FormatException($"'{text}' is no SHA-256 digest in hexadecimal.");

    /// <inheritdoc/>
    public bool Equals(Digest other) => ReferenceEquals(hash, other.hash) || hash.AsSpan().SequenceEqual(other.hash);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Digest other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => hash is null ? 0 : HashCode.Combine(BinaryPrimitives.ReadInt64LittleEndian(hash));

    /// <inheritdoc/>
    public override string ToString() => Value;
}
