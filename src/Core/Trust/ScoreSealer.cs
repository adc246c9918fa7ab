using System.Security.Cryptography;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Trust;

/// <summary>
/// Encrypts scores with AES-256-GCM. The key is HMAC-SHA256(score key of the master, SHA-256 of the plain score).
/// The nonce is fixed, which is safe here and only here: the key is made from the digest of what it encrypts, so that one key
/// ever encrypts one plaintext, and (key, nonce) never covers two. It makes the result deterministic: sealing again, also after
/// everything on the bus was lost, gives the same bytes at the same address.
/// </summary>
public static class ScoreSealer
{
    private const int TagLength = 16;
    private static readonly byte[] Nonce = new byte[12];

    private static ReadOnlySpan<byte> AssociatedData => "fleet/v1/score"u8;

    /// <summary>Encrypts <paramref name="plain"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is longer than <see cref="WireLimits.MaxScoreBytes"/>.</exception>
    public static SealedScore Seal(MasterKey master, ReadOnlySpan<byte> plain)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plain.Length, WireLimits.MaxScoreBytes, nameof(plain));
        var key = HMACSHA256.HashData(master.ScoreKey, SHA256.HashData(plain));
        var ciphertext = new byte[plain.Length + TagLength];
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(Nonce, plain, ciphertext.AsSpan(0, plain.Length), ciphertext.AsSpan(plain.Length), AssociatedData);
        return new SealedScore(Digest.Of(plain), Digest.Of(ciphertext), key, ciphertext);
    }

    /// <summary>Decrypts what was found at the address of <paramref name="entry"/>. What opens is what the manifest's author meant, or nothing.</summary>
    public static UnsealOutcome Open(ManifestEntry entry, ReadOnlySpan<byte> ciphertext)
    {
        if (ciphertext.Length is < TagLength or > WireLimits.MaxScoreBytes + TagLength)
        {
            return new UnsealOutcome.Refused($"a score of {ciphertext.Length} bytes is out of bounds");
        }

        if (Digest.Of(ciphertext) != entry.Address)
        {
            return new UnsealOutcome.Refused($"the score stored at {entry.Address.Short} has other bytes than its address says");
        }

        return entry.Key.Length == MasterKey.Length
            ? Decrypt(entry, ciphertext)
            : new UnsealOutcome.Refused($"the key of score {entry.ScoreDigest.Short} has {entry.Key.Length} bytes instead of {MasterKey.Length}");
    }

    private static UnsealOutcome Decrypt(ManifestEntry entry, ReadOnlySpan<byte> ciphertext)
    {
        var plain = new byte[ciphertext.Length - TagLength];
        try
        {
            using var aes = new AesGcm(entry.Key, TagLength);
            aes.Decrypt(Nonce, ciphertext[..plain.Length], ciphertext[plain.Length..], plain, AssociatedData);
        }
        catch (AuthenticationTagMismatchException)
        {
            return new UnsealOutcome.Refused($"the key of score {entry.ScoreDigest.Short} does not open it");
        }

        return Digest.Of(plain) == entry.ScoreDigest
            ? new UnsealOutcome.Opened(plain)
            : new UnsealOutcome.Refused($"the score stored at {entry.Address.Short} is not {entry.ScoreDigest.Short}");
    }
}

/// <summary>A score as it is stored on the bus, with what a manifest says of it.</summary>
/// <param name="ScoreDigest">SHA-256 of the plain score.</param>
/// <param name="Address">SHA-256 of <paramref name="Ciphertext"/>: where it is stored.</param>
/// <param name="Key">Its AES-256 key.</param>
/// <param name="Ciphertext">The encrypted score, the GCM tag at its end.</param>
public sealed record SealedScore(Digest ScoreDigest, Digest Address, byte[] Key, byte[] Ciphertext)
{
    /// <summary>The digests, never the key.</summary>
    public override string ToString() => $"SealedScore {{ ScoreDigest = {ScoreDigest.Short}, Address = {Address.Short}, *** }}";
}

/// <summary>What became of an encrypted score.</summary>
public abstract record UnsealOutcome
{
    private UnsealOutcome()
    {
    }

    /// <summary>It is the score that the manifest names.</summary>
    /// <param name="Plain">The plain score: JSON, not parsed yet.</param>
    public sealed record Opened(byte[] Plain) : UnsealOutcome;

    /// <summary>It is something else.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Refused(string Reason) : UnsealOutcome;
}
