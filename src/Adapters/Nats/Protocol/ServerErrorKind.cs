namespace Harmony.Fleet.Adapters.Nats.Protocol;

/// <summary>What a server's <c>-ERR</c> means.</summary>
public enum ServerErrorKind
{
    /// <summary>Words that we do not know.</summary>
    Unknown,

    /// <summary>This user may not publish there. The connection stands on.</summary>
    PublishDenied,

    /// <summary>This user may not subscribe there. The connection stands on.</summary>
    SubscribeDenied,

    /// <summary>The subject is no subject. The connection stands on.</summary>
    InvalidSubject,

    /// <summary>This user has too many subscriptions. The connection stands on.</summary>
    TooManySubscriptions,

    /// <summary>The server did not accept who we are.</summary>
    AuthorizationViolation,

    /// <summary>The login took too long.</summary>
    AuthorizationTimeout,

    /// <summary>The user's or the account's time is over, or it was revoked.</summary>
    AuthenticationExpired,

    /// <summary>The server demands TLS.</summary>
    TlsRequired,

    /// <summary>We did not answer the server's pings.</summary>
    StaleConnection,

    /// <summary>The server takes no more connections.</summary>
    TooManyConnections,

    /// <summary>We did not read as fast as the server sent.</summary>
    SlowConsumer,

    /// <summary>A message was larger than the server takes.</summary>
    PayloadTooLarge,

    /// <summary>The server did not understand us.</summary>
    ProtocolViolation,

    /// <summary>The server is going away.</summary>
    ServerShutdown,
}
