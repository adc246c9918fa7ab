using Harmony.Fleet.Adapters.Nats.Protocol;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>A message that the server delivered.</summary>
/// <param name="Subject">Where it was sent. A reply to a request carries the connection's inbox, without the request's token.</param>
/// <param name="ReplyTo">Where an answer is awaited, if one is.</param>
/// <param name="Payload">The bytes; the reader's own.</param>
/// <param name="Headers">The headers; null where there are none, or none that can be read.</param>
/// <param name="Status">The inline status of the headers, for example 503; 0 where there is none, <see cref="UnreadableHeaders"/> where they are broken.</param>
/// <param name="StatusText">What follows the status, for example <c>No Responders</c>.</param>
public readonly record struct NatsMessage(
    string Subject,
    string? ReplyTo,
    ReadOnlyMemory<byte> Payload,
    NatsHeaders? Headers,
    int Status,
    string? StatusText)
{
    /// <summary>
    /// The status of a message whose headers are broken. Any client may send such, and a stream stores it: it is delivered, without headers, because a message
    /// that is left out looks like a gap to whoever counts.
    /// </summary>
    public const int UnreadableHeaders = -1;

    /// <summary>How much of the frame is kept while the message is: subjects, headers (the unreadable too) and payload.</summary>
    internal int FrameBytes { get; init; }
}
