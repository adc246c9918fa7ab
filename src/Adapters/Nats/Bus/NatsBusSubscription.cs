using System.Runtime.CompilerServices;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.KeyValue;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Adapters.Nats.Bus;

/// <summary>A subscription as the fleet sees it.</summary>
internal sealed class NatsBusSubscription(Subscription subscription) : ISubscription
{
    /// <inheritdoc/>
    public long Dropped => subscription.Dropped;

    /// <inheritdoc/>
    public async IAsyncEnumerable<BusMessage> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var message in subscription.ReadAllAsync(cancellationToken))
        {
            yield return new BusMessage(message.Subject, message.Payload, KvHeaders.Read(message.Headers.Span));
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => subscription.DisposeAsync();
}
