using System.Buffers;
using NATS.Client.Core;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>What the library delivers of one subscription in one session, handed on as bytes: a subscription of the library's own is bounded by count only.</summary>
internal sealed class SubscriptionFeed(NatsConnection connection, Subscription target)
    : NatsSubBase(connection, connection.SubscriptionManager, target.Subject, queueGroup: null, opts: null)
{
    /// <summary>Tells the server that nothing is wanted any more, where there is one.</summary>
    public async ValueTask EndAsync()
    {
        try
        {
            await DisposeAsync();
        }
        catch (Exception gone) when (gone is NatsException or ObjectDisposedException or OperationCanceledException)
        {
            // The session is over, and the subscription with it.
        }
    }

    /// <inheritdoc/>
    protected override ValueTask ReceiveInternalAsync(string subject, string? replyTo, ReadOnlySequence<byte>? headersBuffer, ReadOnlySequence<byte> payloadBuffer)
    {
        target.Offer(RawMessage.Copy(subject, replyTo, headersBuffer ?? default, payloadBuffer));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void TryComplete()
    {
        // The session ends, and not the subscription.
    }
}
