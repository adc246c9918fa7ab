namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>The acknowledgement of a publish. A value type: publishes are pipelined by the ten thousand.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Sequence">The message's sequence when stored; the subject's last one in a conflict, 0 when the server did not tell.</param>
/// <param name="Reason">One sentence when it was not stored; else null.</param>
public readonly record struct Ack(AckStatus Status, ulong Sequence, string? Reason)
{
    /// <summary>Stored.</summary>
    internal static Ack Stored(ulong sequence) => new(AckStatus.Stored, sequence, null);

    /// <summary>Nobody knows.</summary>
    internal static Ack Unavailable(string reason) => new(AckStatus.Unavailable, 0, reason);

    /// <summary>Refused for <paramref name="error"/>.</summary>
    internal static Ack Refused(ApiError error) => error.ErrCode switch
    {
        ApiErrorCodes.WrongLastSequence or ApiErrorCodes.WrongLastSequenceConstant => new(AckStatus.Conflict, LastNumber(error.Description), error.ToString()),
        _ => new(error.IsTransient ? AckStatus.Unavailable : AckStatus.Rejected, 0, error.ToString()),
    };

    /// <summary>"wrong last sequence: 42" ends with the number.</summary>
    private static ulong LastNumber(string? description)
    {
        var text = description.AsSpan();
        return ulong.TryParse(text[(text.LastIndexOf(' ') + 1)..], out var number) ? number : 0;
    }
}
