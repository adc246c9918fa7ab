namespace Harmony.Fleet.Ports.Bus;

/// <summary>A subscription; disposing it ends it.</summary>
public interface ISubscription : IAsyncDisposable
{
    /// <summary>How many messages were dropped because the reader was slow: read the truth again when it grows.</summary>
    long Dropped { get; }

    /// <summary>The messages, from a bounded buffer. One reader.</summary>
    IAsyncEnumerable<BusMessage> ReadAsync(CancellationToken cancellationToken);
}
