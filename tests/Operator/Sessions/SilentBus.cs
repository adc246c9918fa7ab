using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;

namespace Harmony.Fleet.Tests.Operator.Sessions;

/// <summary>A bus whose server takes its time with subscriptions.</summary>
internal sealed class SilentBus(FakeBus inner, ManualTime clock, TimeSpan registering) : IBus
{
    public LinkState Link => inner.Link;

    public IAsyncEnumerable<LinkState> LinkChangesAsync(CancellationToken cancellationToken) => inner.LinkChangesAsync(cancellationToken);

    public Task<ISubscription> SubscribeAsync(string subject, CancellationToken cancellationToken)
    {
        clock.Advance(registering);
        return inner.SubscribeAsync(subject, cancellationToken);
    }

    public ValueTask<PublishOutcome> PublishAsync(string subject, ReadOnlyMemory<byte> payload, BusHeaders headers, CancellationToken cancellationToken) =>
        inner.PublishAsync(subject, payload, headers, cancellationToken);

    public Task<bool> AnswersAsync(CancellationToken cancellationToken) => inner.AnswersAsync(cancellationToken);

    public IBucket Bucket(string name) => inner.Bucket(name);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
