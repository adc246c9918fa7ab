namespace Harmony.Fleet.Adapters.Nats.Protocol;

/// <summary>What a server sends.</summary>
internal enum FrameKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>MSG or HMSG.</summary>
    Message,

    /// <summary>PING.</summary>
    Ping,

    /// <summary>PONG.</summary>
    Pong,

    /// <summary>+OK.</summary>
    Ok,

    /// <summary>-ERR; the payload is its words, without quotes.</summary>
    Error,

    /// <summary>INFO; the payload is the JSON.</summary>
    Info,
}
