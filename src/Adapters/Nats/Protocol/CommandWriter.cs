using System.Buffers.Text;
using System.Text;

namespace Harmony.Fleet.Adapters.Nats.Protocol;

/// <summary>Writes what a client sends, straight into the outgoing buffer. The caller made sure of the room, with the sizes told here.</summary>
internal ref struct CommandWriter(Span<byte> room)
{
    /// <summary>The room for names, numbers, blanks and line ends of any command.</summary>
    public const int Overhead = 64;

    private readonly Span<byte> _room = room;
    private int _written;

    /// <summary>PING.</summary>
    public static ReadOnlySpan<byte> Ping => "PING\r\n"u8;

    /// <summary>PONG.</summary>
    public static ReadOnlySpan<byte> Pong => "PONG\r\n"u8;

    /// <summary>How much was written.</summary>
    public readonly int Written => _written;

    /// <summary>The most bytes that <see cref="Publish"/> writes.</summary>
    public static long PublishSize(int subjectBytes, int replyBytes, int headerBytes, int payloadBytes) =>
        Overhead + (long)subjectBytes + replyBytes + headerBytes + payloadBytes;

    /// <summary>The most bytes that <see cref="Subscribe"/> writes.</summary>
    public static long SubscribeSize(string subject, string? queueGroup) => Overhead + (3L * (subject.Length + (queueGroup?.Length ?? 0)));

    /// <summary><c>PUB subject [reply] bytes</c>, or HPUB when there are headers.</summary>
    public void Publish(string subject, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        Raw(headers.IsEmpty ? "PUB "u8 : "HPUB "u8);
        Text(subject);
        Raw(" "u8);
        if (!replyTo.IsEmpty)
        {
            Raw(replyTo);
            Raw(" "u8);
        }

        if (!headers.IsEmpty)
        {
            Number((ulong)headers.Length);
            Raw(" "u8);
        }

        Number((ulong)(headers.Length + payload.Length));
        Raw("\r\n"u8);
        Raw(headers);
        Raw(payload);
        Raw("\r\n"u8);
    }

    /// <summary><c>SUB subject [queue] sid</c>.</summary>
    public void Subscribe(string subject, string? queueGroup, ulong sid)
    {
        Raw("SUB "u8);
        Text(subject);
        Raw(" "u8);
        if (queueGroup is not null)
        {
            Text(queueGroup);
            Raw(" "u8);
        }

        Number(sid);
        Raw("\r\n"u8);
    }

    /// <summary><c>UNSUB sid</c>.</summary>
    public void Unsubscribe(ulong sid)
    {
        Raw("UNSUB "u8);
        Number(sid);
        Raw("\r\n"u8);
    }

    /// <summary>Bytes as they are.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_room[_written..]);
        _written += bytes.Length;
    }

    private void Text(string text) => _written += Encoding.UTF8.GetBytes(text, _room[_written..]);

    private void Number(ulong number)
    {
        Utf8Formatter.TryFormat(number, _room[_written..], out var length);
        _written += length;
    }
}
