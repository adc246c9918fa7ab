using System.Diagnostics.CodeAnalysis;

namespace Harmony.Fleet.Adapters.Nats.Credentials;

/// <summary>A user JWT with the key that it names, as a <c>.creds</c> file holds them. Its text shows the public key only.</summary>
public sealed class UserCredentials : IDisposable
{
    /// <summary>The longest file that is read, in characters.</summary>
    public const int MaxLength = 64 * 1024;

    private UserCredentials(string jwt, NKeyPair pair) => (Jwt, Pair) = (jwt, pair);

    /// <summary>The JWT.</summary>
    public string Jwt { get; }

    /// <summary>The user's key.</summary>
    public NKeyPair Pair { get; }

    /// <summary>The login with them.</summary>
    public NatsLogin Login => new NatsLogin.Jwt(_ => new(Jwt), Pair);

    /// <summary>Reads the text of a <c>.creds</c> file: a block <c>NATS USER JWT</c> and a block <c>USER NKEY SEED</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out UserCredentials? credentials)
    {
        credentials = null;
        if (text.Length > MaxLength || Block(text, "NATS USER JWT") is not { Length: > 0 } jwt || !NKeyPair.TryParseSeed(Block(text, "USER NKEY SEED"), out var pair))
        {
            return false;
        }

        credentials = new(jwt, pair);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Pair.PublicKey;

    /// <inheritdoc/>
    public void Dispose() => Pair.Dispose();

    /// <summary>The only word between <c>BEGIN name</c> and <c>END name</c>, whose lines have any number of dashes around them.</summary>
    private static string? Block(string text, string name)
    {
        var start = text.IndexOf($"BEGIN {name}-", StringComparison.Ordinal);
        var end = text.IndexOf($"END {name}-", StringComparison.Ordinal);
        if (start < 0 || end < start)
        {
            return null;
        }

        var word = text[(start + name.Length + "BEGIN ".Length)..end].Trim('-', ' ', '\r', '\n', '\t');
        return word.AsSpan().ContainsAny(" \r\n\t") ? null : word;
    }
}
