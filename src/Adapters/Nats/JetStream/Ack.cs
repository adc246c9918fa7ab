namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>What became of a publish that is acknowledged.</summary>
internal enum AckStatus
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

/// <summary>The acknowledgement of a publish. A value type: publishes are pipelined by the ten thousand.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Sequence">The message's sequence when stored; the subject's last one in a conflict, 0 when the server did not tell.</param>
/// <param name="Reason">One sentence when it was not stored; else null.</param>
internal readonly record struct Ack(AckStatus Status, ulong Sequence, string? Reason)
{
    // Error numbers of JetStream. The second one is the newer servers', without the sequence.
    private const int WrongLastSequence = 10071;
    private const int WrongLastSequenceConstant = 10164;
    private const int StreamNotFound = 10059;

    /// <summary>Stored.</summary>
    public static Ack Stored(ulong sequence) => new(AckStatus.Stored, sequence, null);

    /// <summary>Nobody knows.</summary>
    public static Ack Unavailable(string reason) => new(AckStatus.Unavailable, 0, reason);

    /// <summary>Refused by the server.</summary>
    /// <param name="code">Like a status of HTTP: 400 and up is the request's fault, 500 and up the server's state.</param>
    /// <param name="number">Exactly what is wrong.</param>
    /// <param name="description">The server's words.</param>
    public static Ack Refused(int code, int number, string? description)
    {
        var reason = $"{description ?? "refused"} (error {number})";
        return number is WrongLastSequence or WrongLastSequenceConstant
            ? new(AckStatus.Conflict, LastNumber(description), reason)
            : new(code >= 500 || number == StreamNotFound ? AckStatus.Unavailable : AckStatus.Rejected, 0, reason);
    }

    /// <summary>"wrong last sequence: 42" ends with the number.</summary>
    private static ulong LastNumber(string? description)
    {
        var text = description.AsSpan();
        return ulong.TryParse(text[(text.LastIndexOf(' ') + 1)..], out var number) ? number : 0;
    }
}
