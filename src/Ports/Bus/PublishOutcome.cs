namespace Harmony.Fleet.Ports.Bus;

/// <summary>What became of a publish without acknowledgement.</summary>
public enum PublishOutcome
{
    /// <summary>Handed to the connection.</summary>
    Sent,

    /// <summary>The bus is away: dropped.</summary>
    LinkDown,

    /// <summary>The outgoing buffer is full: dropped.</summary>
    BufferFull,

    /// <summary>The payload is larger than the server takes: dropped.</summary>
    TooLarge,
}
