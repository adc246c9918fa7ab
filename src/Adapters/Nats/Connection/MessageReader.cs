using System.Text;
using Harmony.Fleet.Adapters.Nats.Protocol;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>Makes a message that the reader may keep out of a frame that lives in the receive buffer.</summary>
internal static class MessageReader
{
    /// <summary>Copies the frame's bytes once, headers and payload together. False when the headers are broken.</summary>
    /// <param name="frame">A message.</param>
    /// <param name="subject">Its subject, where that is known already; null to make a string of it.</param>
    /// <param name="message">The message.</param>
    public static bool TryRead(in Frame frame, string? subject, out NatsMessage message)
    {
        message = default;
        ReadOnlyMemory<byte> bytes = frame.Payload.ToArray();
        NatsHeaders? headers = null;
        if (frame.HeaderBytes > 0 && !NatsHeaders.TryParse(bytes[..frame.HeaderBytes], out headers))
        {
            return false;
        }

        message = new(
            subject ?? Encoding.UTF8.GetString(frame.Subject),
            frame.ReplyTo.IsEmpty ? null : Encoding.UTF8.GetString(frame.ReplyTo),
            bytes[frame.HeaderBytes..],
            headers,
            headers?.Status ?? 0,
            headers?.StatusText);
        return true;
    }
}
