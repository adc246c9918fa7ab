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
