namespace Harmony.Fleet.Adapters.Nats.Credentials;

/// <summary>Who we are to the server. Its text never shows a secret.</summary>
public abstract record NatsLogin
{
    private NatsLogin()
    {
    }

    /// <summary>Nobody in particular.</summary>
    public static NatsLogin None { get; } = new Anonymous();

    /// <inheritdoc/>
    public sealed override string ToString() => GetType().Name;

    /// <summary>No login.</summary>
    public sealed record Anonymous : NatsLogin;

    /// <summary>A user and a password.</summary>
    /// <param name="User">The user.</param>
    /// <param name="Secret">The password.</param>
    public sealed record Password(string User, string Secret) : NatsLogin;

    /// <summary>A token.</summary>
    /// <param name="Secret">It.</param>
    public sealed record Token(string Secret) : NatsLogin;

    /// <summary>A static user known by its public key; it signs the server's challenge.</summary>
    /// <param name="Pair">The user's key.</param>
    public sealed record NKey(NKeyPair Pair) : NatsLogin;

    /// <summary>A user JWT, asked for anew at each connect, and the key that it names.</summary>
    /// <param name="Provider">Gives the JWT.</param>
    /// <param name="Pair">The user's key.</param>
    public sealed record Jwt(Func<CancellationToken, ValueTask<string>> Provider, NKeyPair Pair) : NatsLogin;

    /// <summary>A token that is asked for anew at each connect, for example one that an auth callout checks.</summary>
    /// <param name="Provider">Gives the token.</param>
    public sealed record FreshToken(Func<CancellationToken, ValueTask<string>> Provider) : NatsLogin;
}
