using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Trust;

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
