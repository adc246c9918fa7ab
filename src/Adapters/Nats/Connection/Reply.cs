using NATS.Client.Core;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>How a request ended.</summary>
internal enum ReplyStatus
{
    /// <summary>An answer came; it may itself carry a status (404, 503, ...).</summary>
    Replied,

    /// <summary>The server answered: nobody listens there.</summary>
    NoResponders,

    /// <summary>An answer came whose headers or payload cannot be read.</summary>
    Unreadable,

    /// <summary>No answer within the timeout. It may have been received.</summary>
    TimedOut,

    /// <summary>The link is down, or went down before the answer. It may have been received.</summary>
    LinkDown,

    /// <summary>Not sent: the outgoing buffer stayed full.</summary>
    BufferFull,

    /// <summary>Not sent: larger than the server takes.</summary>
    TooLarge,

    /// <summary>The server refused the publish: this user may not send there.</summary>
    Denied,
}

/// <summary>What became of a request. A value type: requests are pipelined by the ten thousand.</summary>
/// <typeparam name="T">What the answer is read as.</typeparam>
/// <param name="Status">How it ended.</param>
/// <param name="Data">The answer.</param>
/// <param name="Headers">Its headers.</param>
internal readonly record struct Reply<T>(ReplyStatus Status, T? Data = default, NatsHeaders? Headers = null)
{
    /// <summary>Whether an answer came that can be read.</summary>
    public bool IsReply => Status == ReplyStatus.Replied;

    /// <summary>One sentence about a request to <paramref name="subject"/> that got none.</summary>
    public string Reason(string subject) => Status switch
    {
        ReplyStatus.NoResponders => $"nobody answers on {subject}: JetStream is off, or the stream is missing",
        ReplyStatus.Unreadable => $"an answer on {subject} that cannot be read",
        ReplyStatus.TimedOut => $"no answer in time on {subject}",
        ReplyStatus.LinkDown => "the connection to NATS is down",
        ReplyStatus.BufferFull => "too much is waiting to be sent to NATS",
        ReplyStatus.TooLarge => "larger than the server takes",
        ReplyStatus.Denied => $"this user may not publish to {subject}",
        _ => $"unexpected ending '{Status}' on {subject}",
    };
}
