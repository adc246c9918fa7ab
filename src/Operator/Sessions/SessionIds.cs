using System.Buffers.Text;
using System.Security.Cryptography;

namespace Harmony.Fleet.Operator.Sessions;

/// <summary>Names of sessions, which nobody can guess: the reply subject is made of them.</summary>
/// <param name="random">Where they come from.</param>
internal sealed class SessionIds(RandomNumberGenerator random)
{
    private const int Bytes = 16;

    /// <summary>A new one: 22 characters of base64url.</summary>
    public string Next()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        random.GetBytes(bytes);
        return Base64Url.EncodeToString(bytes);
    }
}
