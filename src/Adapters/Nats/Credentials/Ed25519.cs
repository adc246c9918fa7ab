using System.Security.Cryptography;

namespace Harmony.Fleet.Adapters.Nats.Credentials;

/// <summary>Ed25519 (RFC 8032) by libcrypto.</summary>
internal static class Ed25519
{
    /// <summary>The length of a seed and of a public key, in bytes.</summary>
    public const int KeyBytes = 32;

    /// <summary>The length of a signature, in bytes.</summary>
    public const int SignatureBytes = 64;

    /// <summary>The key that grows from <paramref name="seed"/>.</summary>
    public static SafeKeyHandle FromSeed(ReadOnlySpan<byte> seed)
    {
        var key = LibCrypto.NewPrivateKey(LibCrypto.Ed25519, 0, seed, (nuint)seed.Length);
        return Checked(key);
    }

    /// <summary>Writes the public half of <paramref name="key"/>.</summary>
    public static void PublicKey(SafeKeyHandle key, Span<byte> bytes)
    {
        var length = (nuint)bytes.Length;
        Check(LibCrypto.GetPublicKey(key, bytes, ref length));
    }

    /// <summary>Writes the seed of <paramref name="key"/>: the caller wipes it.</summary>
    public static void Seed(SafeKeyHandle key, Span<byte> bytes)
    {
        var length = (nuint)bytes.Length;
        Check(LibCrypto.GetPrivateKey(key, bytes, ref length));
    }

    /// <summary>Signs.</summary>
    public static byte[] Sign(SafeKeyHandle key, ReadOnlySpan<byte> data)
    {
        var signature = new byte[SignatureBytes];
        var digest = NewDigest();
        try
        {
            var length = (nuint)signature.Length;
            Check(LibCrypto.SignInit(digest, 0, 0, 0, key));
            Check(LibCrypto.Sign(digest, signature, ref length, data, (nuint)data.Length));
            return signature;
        }
        finally
        {
            LibCrypto.FreeDigest(digest);
        }
    }

    /// <summary>Whether <paramref name="signature"/> of <paramref name="data"/> was made with the other half of <paramref name="publicKey"/>.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != KeyBytes || signature.Length != SignatureBytes)
        {
            return false;
        }

        using var key = Checked(LibCrypto.NewPublicKey(LibCrypto.Ed25519, 0, publicKey, (nuint)publicKey.Length));
        var digest = NewDigest();
        try
        {
            Check(LibCrypto.VerifyInit(digest, 0, 0, 0, key));
            return LibCrypto.Verify(digest, signature, (nuint)signature.Length, data, (nuint)data.Length) == 1;
        }
        finally
        {
            LibCrypto.FreeDigest(digest);
        }
    }

    private static nint NewDigest() => LibCrypto.NewDigest() is var digest and not 0 ? digest : throw Failed();

    private static SafeKeyHandle Checked(SafeKeyHandle key) => key.IsInvalid ? throw Failed() : key;

    private static void Check(int result)
    {
        if (result != 1)
        {
            throw Failed();
        }
    }

    private static CryptographicException Failed() => new("libcrypto refused an Ed25519 operation.");
}
