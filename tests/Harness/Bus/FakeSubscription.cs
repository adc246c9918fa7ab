using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Tests.Harness.Bus;

/// <summary>A subscription of a <see cref="FakeBus"/>; a reader that is slow loses messages, counted.</summary>
internal sealed class FakeSubscription(FakeBroker broker, FakeBus bus, string subject) : ISubscription
{
    private const int Capacity = 4096;

    private readonly Channel<BusMessage> messages = Channel.CreateBounded<BusMessage>(Capacity);
    private long dropped;

    public string Subject { get; } = subject;

    public long Dropped => Interlocked.Read(ref dropped);

    public void Offer(BusMessage message)
    {
        if (bus.Link.IsUp && !messages.Writer.TryWrite(message))
        {
            Interlocked.Increment(ref dropped);
        }
    }

    public async IAsyncEnumerable<BusMessage> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var message in messages.Reader.ReadAllAsync(cancellationToken))
        {
            yield return message;
        }
    }

    public ValueTask DisposeAsync()
    {
        broker.Remove(this);
        messages.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}
