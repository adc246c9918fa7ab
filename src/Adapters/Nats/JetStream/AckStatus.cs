namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>What became of a publish that is acknowledged.</summary>
public enum AckStatus
{
    /// <summary>Not acknowledged: the bus or the stream is away, is full, or did not answer in time. It may have been stored.</summary>
    Unavailable,

    /// <summary>Stored.</summary>
    Stored,

    /// <summary>Not stored: the expected last sequence is not the last one.</summary>
    Conflict,

    /// <summary>Not stored, and never will be as it is.</summary>
    Rejected,
}
