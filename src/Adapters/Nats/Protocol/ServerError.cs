namespace Harmony.Fleet.Adapters.Nats.Protocol;

/// <summary>A server's <c>-ERR</c>, understood.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Subject">The subject that it names; null where it names none.</param>
/// <param name="Message">Its words.</param>
internal sealed record ServerError(ServerErrorKind Kind, string? Subject, string Message)
{
    private static readonly (string Start, ServerErrorKind Kind)[] _known =
    [
        ("permissions violation for publish", ServerErrorKind.PublishDenied),
        ("permissions violation for subscription", ServerErrorKind.SubscribeDenied),
        ("invalid subject", ServerErrorKind.InvalidSubject),
        ("invalid publish subject", ServerErrorKind.InvalidSubject),
        ("maximum subscriptions exceeded", ServerErrorKind.TooManySubscriptions),
        ("authorization violation", ServerErrorKind.AuthorizationViolation),
        ("authorization timeout", ServerErrorKind.AuthorizationTimeout),
        ("authentication timeout", ServerErrorKind.AuthorizationTimeout),
        ("user authentication", ServerErrorKind.AuthenticationExpired),
        ("account authentication", ServerErrorKind.AuthenticationExpired),
        ("secure connection - tls required", ServerErrorKind.TlsRequired),
        ("stale connection", ServerErrorKind.StaleConnection),
        ("maximum connections exceeded", ServerErrorKind.TooManyConnections),
        ("maximum account active connections exceeded", ServerErrorKind.TooManyConnections),
        ("slow consumer", ServerErrorKind.SlowConsumer),
        ("maximum payload", ServerErrorKind.PayloadTooLarge),
        ("unknown protocol", ServerErrorKind.ProtocolViolation),
        ("maximum control line", ServerErrorKind.ProtocolViolation),
        ("parser error", ServerErrorKind.ProtocolViolation),
        ("invalid client protocol", ServerErrorKind.ProtocolViolation),
        ("attempted to connect to", ServerErrorKind.ProtocolViolation),
        ("message headers not supported", ServerErrorKind.ProtocolViolation),
        ("server shutdown", ServerErrorKind.ServerShutdown),
    ];

    /// <summary>Whether the connection stands on after it.</summary>
    public bool IsHarmless => Kind is ServerErrorKind.PublishDenied or ServerErrorKind.SubscribeDenied
        or ServerErrorKind.InvalidSubject or ServerErrorKind.TooManySubscriptions;

    /// <summary>Whether it says that we are not who may connect.</summary>
    public bool IsAboutLogin => Kind is ServerErrorKind.AuthorizationViolation or ServerErrorKind.AuthorizationTimeout
        or ServerErrorKind.AuthenticationExpired;

    /// <summary>Understands the words of an <c>-ERR</c>.</summary>
    public static ServerError Parse(string message)
    {
        foreach (var (start, kind) in _known)
        {
            if (message.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            {
                return new(kind, Quoted(message), message);
            }
        }

        return new(ServerErrorKind.Unknown, null, message);
    }

    private static string? Quoted(string message)
    {
        var start = message.IndexOf('"', StringComparison.Ordinal);
        var end = start < 0 ? -1 : message.IndexOf('"', start + 1);
        return end < 0 ? null : message[(start + 1)..end];
    }
}
