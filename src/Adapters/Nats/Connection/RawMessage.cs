using System.Buffers;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>A message as it came.</summary>
/// <param name="Subject">Where it was sent.</param>
/// <param name="ReplyTo">Where an answer is awaited, if one is.</param>
/// <param name="Headers">The block of its headers; empty where there is none. Whoever sent it chose the bytes.</param>
/// <param name="Payload">The bytes; the reader's own.</param>
internal readonly record struct RawMessage(string Subject, string? ReplyTo, ReadOnlyMemory<byte> Headers, ReadOnlyMemory<byte> Payload)
{
    /// <summary>How much of it is kept while it waits.</summary>
    public int Bytes => Subject.Length + (ReplyTo?.Length ?? 0) + Headers.Length + Payload.Length;

    /// <summary>Copies it out of the receive buffer, headers and payload together.</summary>
    public static RawMessage Copy(string subject, string? replyTo, in ReadOnlySequence<byte> headers, in ReadOnlySequence<byte> payload)
    {
        var split = (int)headers.Length;
        var bytes = new byte[split + (int)payload.Length];
        headers.CopyTo(bytes);
        payload.CopyTo(bytes.AsSpan(split));
        return new(subject, replyTo, bytes.AsMemory(0, split), bytes.AsMemory(split));
    }
}
