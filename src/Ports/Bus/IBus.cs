namespace Harmony.Fleet.Ports.Bus;

/// <summary>One connection to the message bus. It reconnects by itself; subscriptions survive that.</summary>
public interface IBus : IAsyncDisposable
{
    /// <summary>Whether the bus is there.</summary>
    LinkState Link { get; }

    /// <summary>The present state of the link, and each later one; only the newest is kept for a slow reader.</summary>
    IAsyncEnumerable<LinkState> LinkChangesAsync(CancellationToken cancellationToken);

    /// <summary>Listens on <paramref name="subject"/>; registered with the server when the task ends (or at the next connect, when the bus is away).</summary>
    Task<ISubscription> SubscribeAsync(string subject, CancellationToken cancellationToken);

    /// <summary>Sends without an acknowledgement: for what may be lost, and for what its receiver can tell to be late.</summary>
    ValueTask<PublishOutcome> PublishAsync(string subject, ReadOnlyMemory<byte> payload, BusHeaders headers, CancellationToken cancellationToken);

    /// <summary>Whether the server answers: a round trip, behind all that was sent before. A server that hangs keeps its connections, and says no to nothing.</summary>
    Task<bool> AnswersAsync(CancellationToken cancellationToken);

    /// <summary>A key-value bucket. Nothing is sent until it is used.</summary>
    IBucket Bucket(string name);
}

/// <summary>Whether the bus is there.</summary>
/// <param name="IsUp">Whether a connection stands.</param>
/// <param name="Connects">How many times one was made so far: a new number is a new connection.</param>
/// <param name="Detail">The server when up; the reason when down.</param>
public sealed record LinkState(bool IsUp, long Connects, string Detail);

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

/// <summary>A subscription; disposing it ends it.</summary>
public interface ISubscription : IAsyncDisposable
{
    /// <summary>How many messages were dropped because the reader was slow: read the truth again when it grows.</summary>
    long Dropped { get; }

    /// <summary>The messages, from a bounded buffer. One reader.</summary>
    IAsyncEnumerable<BusMessage> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>A message of a subscription.</summary>
/// <param name="Subject">Where it was sent.</param>
/// <param name="Payload">The bytes; the reader's own.</param>
/// <param name="Headers">Its headers.</param>
public readonly record struct BusMessage(string Subject, ReadOnlyMemory<byte> Payload, BusHeaders Headers);

/// <summary>The headers of a message that the fleet uses: one, the MAC.</summary>
/// <param name="Mac">The value of <c>Fleet-Mac</c>: <c>&lt;key epoch&gt;:&lt;base64&gt;</c>; null where there is none.</param>
public readonly record struct BusHeaders(string? Mac)
{
    /// <summary>The header's name.</summary>
    public const string MacName = "Fleet-Mac";

    /// <summary>No header.</summary>
    public static BusHeaders None => default;
}
