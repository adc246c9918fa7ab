using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Harmony.Fleet.Operator.Options;

/// <summary>The secret that API calls present. Only its digest is kept, and its text shows nothing.</summary>
internal sealed class BearerToken
{
    /// <summary>The shortest token, in characters.</summary>
    public const int MinLength = 16;

    /// <summary>The longest token, in characters.</summary>
    public const int MaxLength = 1024;

    private const string Scheme = "Bearer ";
    private readonly byte[] digest;

    private BearerToken(string token) => digest = DigestOf(token);

    /// <summary>Reads the text of a token file.</summary>
    /// <returns>Whether it is a token: one line of 16 to 1024 visible ASCII characters.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out BearerToken? token)
    {
        var trimmed = text.Trim();
        var valid = trimmed.Length is >= MinLength and <= MaxLength && !trimmed.AsSpan().ContainsAnyExceptInRange('!', '~');
        token = valid ? new BearerToken(trimmed) : null;
        return valid;
    }

    /// <summary>Whether an Authorization header presents the token. Takes the same time for every wrong one.</summary>
    public bool IsPresentedBy(string? header)
    {
        if (header is null || header.Length > Scheme.Length + MaxLength || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        return CryptographicOperations.FixedTimeEquals(digest, DigestOf(header[Scheme.Length..].Trim()));
    }

    /// <inheritdoc/>
    public override string ToString() => "***";

    private static byte[] DigestOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
