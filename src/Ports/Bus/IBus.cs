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

    /// <summary>Sends without an acknowledgement: for what may be lost.</summary>
    ValueTask<PublishOutcome> PublishAsync(string subject, ReadOnlyMemory<byte> payload, BusHeaders headers, CancellationToken cancellationToken);

    /// <summary>A key-value bucket. Nothing is sent until it is used.</summary>
    IBucket Bucket(string name);
}
