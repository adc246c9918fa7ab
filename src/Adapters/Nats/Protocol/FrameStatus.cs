namespace Harmony.Fleet.Adapters.Nats.Protocol;

/// <summary>How reading a frame ended.</summary>
internal enum FrameStatus
{
    /// <summary>A whole frame was read.</summary>
    Complete,

    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>This is no NATS protocol, or beyond the limits: the connection is worth nothing any more.</summary>
    Malformed,
}
