using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Harmony.Fleet.Adapters.Nats.Credentials;

/// <summary>An Ed25519 key in NATS' dress. The private half lives in OpenSSL's memory and is wiped by disposal; the text shows the public half only.</summary>
public sealed class NKeyPair : IDisposable
{
    private readonly SafeKeyHandle _key;

    private NKeyPair(NKeyKind kind, ReadOnlySpan<byte> seed)
    {
        _key = Ed25519.FromSeed(seed);
        Kind = kind;
        Span<byte> publicKey = stackalloc byte[Ed25519.KeyBytes];
        Ed25519.PublicKey(_key, publicKey);
        PublicKey = NKeyText.EncodePublic(kind, publicKey);
    }

    /// <summary>What it stands for.</summary>
    public NKeyKind Kind { get; }

    /// <summary>The public key's text: 56 characters, the first tells the kind.</summary>
    public string PublicKey { get; }

    /// <summary>A new key.</summary>
    public static NKeyPair Create(NKeyKind kind)
    {
        Span<byte> seed = stackalloc byte[Ed25519.KeyBytes];
        RandomNumberGenerator.Fill(seed);
        try
        {
            return new(kind, seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>Reads a seed (<c>S...</c>), blanks around it ignored.</summary>
    public static bool TryParseSeed(ReadOnlySpan<char> text, [NotNullWhen(true)] out NKeyPair? pair)
    {
        Span<byte> seed = stackalloc byte[Ed25519.KeyBytes];
        try
        {
            pair = NKeyText.TryDecodeSeed(text.Trim(), out var kind, seed) ? new(kind, seed) : null;
            return pair is not null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>Reads a seed.</summary>
    /// <exception cref="FormatException">It is none. The message does not show it.</exception>
    public static NKeyPair ParseSeed(ReadOnlySpan<char> text) =>
        TryParseSeed(text, out var pair) ? pair : throw new FormatException("This is no nkey seed (58 characters that begin with S, with a valid checksum).");

    /// <summary>Whether <paramref name="text"/> is a well-formed public key, and of what kind.</summary>
    public static bool TryReadPublicKey(ReadOnlySpan<char> text, out NKeyKind kind)
    {
        Span<byte> key = stackalloc byte[Ed25519.KeyBytes];
        return NKeyText.TryDecodePublic(text, out kind, key);
    }

    /// <summary>Whether <paramref name="signature"/> of <paramref name="data"/> was made with the other half of <paramref name="publicKey"/>.</summary>
    public static bool Verify(ReadOnlySpan<char> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Span<byte> key = stackalloc byte[Ed25519.KeyBytes];
        return NKeyText.TryDecodePublic(publicKey, out _, key) && Ed25519.Verify(key, data, signature);
    }

    /// <summary>Signs: 64 bytes.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data) => Ed25519.Sign(_key, data);

    /// <summary>The secret half's text: for the file that keeps it, never for a log.</summary>
    public string RevealSeed()
    {
        Span<byte> seed = stackalloc byte[Ed25519.KeyBytes];
        try
        {
            Ed25519.Seed(_key, seed);
            return NKeyText.EncodeSeed(Kind, seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => PublicKey;

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
