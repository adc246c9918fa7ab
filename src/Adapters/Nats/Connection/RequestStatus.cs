namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>How a request ended.</summary>
public enum RequestStatus
{
    /// <summary>An answer came; it may itself carry a status (404, 408, ...).</summary>
    Replied,

    /// <summary>The server answered: nobody listens there.</summary>
    NoResponders,

    /// <summary>No answer within the timeout. It may have been received.</summary>
    TimedOut,

    /// <summary>The link is down, or went down before the answer. It may have been received.</summary>
    LinkDown,

    /// <summary>Not sent: the outgoing buffer, or the table of pending requests, stayed full.</summary>
    BufferFull,

    /// <summary>Not sent: larger than the server takes.</summary>
    TooLarge,

    /// <summary>The server refused the publish: this user may not send there.</summary>
    Denied,
}
