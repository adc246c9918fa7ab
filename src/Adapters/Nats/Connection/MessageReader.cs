using System.Text;
using Harmony.Fleet.Adapters.Nats.Protocol;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>Makes a message that the reader may keep out of a frame that lives in the receive buffer.</summary>
internal static class MessageReader
{
    /// <summary>
    /// Copies the frame's bytes once, headers and payload together. False when the headers are broken; the message then has none, and says so in its status.
    /// </summary>
    /// <param name="frame">A message.</param>
    /// <param name="subject">Its subject, where that is known already; null to make a string of it.</param>
    /// <param name="message">The message.</param>
    public static bool TryRead(in Frame frame, string? subject, out NatsMessage message)
    {
        ReadOnlyMemory<byte> bytes = frame.Payload.ToArray();
        NatsHeaders? headers = null;
        var readable = frame.HeaderBytes == 0 || NatsHeaders.TryParse(bytes[..frame.HeaderBytes], out headers);
        message = new(
            subject ?? Encoding.UTF8.GetString(frame.Subject),
            frame.ReplyTo.IsEmpty ? null : Encoding.UTF8.GetString(frame.ReplyTo),
            bytes[frame.HeaderBytes..],
            headers,
            readable ? headers?.Status ?? 0 : NatsMessage.UnreadableHeaders,
            headers?.StatusText)
        {
            FrameBytes = frame.Subject.Length + frame.ReplyTo.Length + frame.Payload.Length,
        };
        return readable;
    }
}
