namespace Harmony.Fleet.Adapters.Nats.Protocol;

/// <summary>One frame of a server, as windows into the receive buffer: valid until that is filled again.</summary>
internal ref struct Frame
{
    /// <summary>What it is.</summary>
    public FrameKind Kind;

    /// <summary>The subject of a message.</summary>
    public ReadOnlySpan<byte> Subject;

    /// <summary>The subscription of a message.</summary>
    public ulong Sid;

    /// <summary>The reply subject of a message; empty where there is none.</summary>
    public ReadOnlySpan<byte> ReplyTo;

    /// <summary>The length of the headers, with which the payload begins.</summary>
    public int HeaderBytes;

    /// <summary>Headers and payload of a message; the text of INFO and -ERR.</summary>
    public ReadOnlySpan<byte> Payload;
}
