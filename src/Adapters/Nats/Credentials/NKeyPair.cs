using System.Diagnostics.CodeAnalysis;
using NATS.NKeys;

namespace Harmony.Fleet.Adapters.Nats.Credentials;

/// <summary>What an nkey stands for; it makes the first letter of its text.</summary>
public enum NKeyKind
{
    /// <summary>An account: <c>A</c>.</summary>
    Account = (int)PrefixByte.Account,

    /// <summary>A server: <c>N</c>.</summary>
    Server = (int)PrefixByte.Server,

    /// <summary>An operator of servers: <c>O</c>.</summary>
    Operator = (int)PrefixByte.Operator,

    /// <summary>A user: <c>U</c>.</summary>
    User = (int)PrefixByte.User,
}

/// <summary>An Ed25519 key in NATS' dress. Its text shows the public half only.</summary>
public sealed class NKeyPair : IDisposable
{
    private const int SeedCharacters = 58;

    private readonly KeyPair _pair;

    private NKeyPair(KeyPair pair)
    {
        _pair = pair;
        Kind = (NKeyKind)pair.Prefix;
        PublicKey = pair.GetPublicKey();
    }

    /// <summary>What it stands for.</summary>
    public NKeyKind Kind { get; }

    /// <summary>The public key's text: 56 characters, the first tells the kind.</summary>
    public string PublicKey { get; }

    /// <summary>A new key.</summary>
    public static NKeyPair Create(NKeyKind kind) => new(KeyPair.CreatePair((PrefixByte)kind));

    /// <summary>Reads a seed (<c>S...</c>), blanks around it ignored.</summary>
    public static bool TryParseSeed(ReadOnlySpan<char> text, [NotNullWhen(true)] out NKeyPair? pair)
    {
        pair = null;
        var seed = text.Trim();
        if (seed.Length != SeedCharacters)
        {
            return false;
        }

        try
        {
            var read = KeyPair.FromSeed(seed);
            // Of the last character two bits say nothing: only one way to write it is right.
            if (!Enum.IsDefined((NKeyKind)read.Prefix) || !seed.SequenceEqual(read.GetSeed()))
            {
                read.Dispose();
                return false;
            }

            pair = new(read);
            return true;
        }
        catch (Exception none) when (none is NKeysException or ArgumentException)
        {
            // Its words may show a part of the seed.
            return false;
        }
    }

    /// <summary>Reads a seed.</summary>
    /// <exception cref="FormatException">It is none. The message does not show it.</exception>
    public static NKeyPair ParseSeed(ReadOnlySpan<char> text) =>
        TryParseSeed(text, out var pair) ? pair : throw new FormatException("This is no nkey seed (58 characters that begin with S, with a valid checksum).");

    /// <summary>The secret half's text: for the file that keeps it, never for a log.</summary>
    public string RevealSeed() => _pair.GetSeed();

    /// <inheritdoc/>
    public override string ToString() => PublicKey;

    /// <inheritdoc/>
    public void Dispose() => _pair.Dispose();
}
