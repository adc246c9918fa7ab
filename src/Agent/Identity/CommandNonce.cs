using System.Security.Cryptography;

namespace Harmony.Fleet.Agent.Identity;

/// <summary>The nonce that commands must name: new at each connection, so that a command from before is worth nothing.</summary>
internal sealed class CommandNonce
{
    private const int Characters = 32;
    private volatile string current = Draw();

    /// <summary>The nonce of the present connection.</summary>
    public string Current => current;

    /// <summary>A connection was made: earlier nonces are worth nothing from now on.</summary>
    public void Renew() => current = Draw();

    private static string Draw() => RandomNumberGenerator.GetHexString(Characters, lowercase: true);
}
