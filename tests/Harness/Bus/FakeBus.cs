using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Tests.Harness.Bus;

/// <summary>One connection to a <see cref="FakeBroker"/>, which a test takes down and up again.</summary>
public sealed class FakeBus : IBus
{
    private readonly FakeBroker broker;
    private readonly List<Channel<LinkState>> listeners = [];
    private volatile LinkState link = new(IsUp: true, 1, "fake");

    internal FakeBus(FakeBroker broker) => this.broker = broker;

    public LinkState Link => link;

    /// <summary>How many requests to buckets failed.</summary>
    public int Failed { get; internal set; }

    /// <summary>How many writes to buckets were asked for.</summary>
    public int Writes { get; internal set; }

    /// <summary>The server hangs: it takes what is sent, and passes nothing on.</summary>
    public bool Hangs { get; set; }

    /// <summary>The connection breaks; what comes meanwhile is lost to it.</summary>
    public void GoDown(string reason = "broken by the test")
    {
        lock (broker.Gate)
        {
            Change(state => state with { IsUp = false, Detail = reason });
            broker.LoseWatchesOf(this, reason);
        }
    }

    /// <summary>A new connection stands: subscriptions hear again, watches begin again.</summary>
    public void GoUp()
    {
        Change(state => new LinkState(IsUp: true, state.Connects + 1, "fake"));
        lock (broker.Gate)
        {
            broker.BeginWatchesOf(this);
        }
    }

    public async IAsyncEnumerable<LinkState> LinkChangesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var states = Channel.CreateBounded<LinkState>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (broker.Gate)
        {
            listeners.Add(states);
            states.Writer.TryWrite(link);
        }

        try
        {
            await foreach (var state in states.Reader.ReadAllAsync(cancellationToken))
            {
                yield return state;
            }
        }
        finally
        {
            lock (broker.Gate)
            {
                listeners.Remove(states);
            }
        }
    }

    public Task<ISubscription> SubscribeAsync(string subject, CancellationToken cancellationToken)
    {
        var subscription = new FakeSubscription(broker, this, subject);
        broker.Add(subscription);
        return Task.FromResult<ISubscription>(subscription);
    }

    public ValueTask<PublishOutcome> PublishAsync(string subject, ReadOnlyMemory<byte> payload, BusHeaders headers, CancellationToken cancellationToken)
    {
        lock (broker.Gate)
        {
            if (!link.IsUp || FakeBroker.IsTooLarge(payload))
            {
                return ValueTask.FromResult(link.IsUp ? PublishOutcome.TooLarge : PublishOutcome.LinkDown);
            }

            if (!Hangs)
            {
                broker.Deliver(new BusMessage(subject, payload.ToArray(), headers));
            }

            return ValueTask.FromResult(PublishOutcome.Sent);
        }
    }

    public Task<bool> AnswersAsync(CancellationToken cancellationToken) => Task.FromResult(link.IsUp && !Hangs);

    public IBucket Bucket(string name) => new FakeBucket(broker, this, name);

    public ValueTask DisposeAsync()
    {
        GoDown("disposed");
        return ValueTask.CompletedTask;
    }

    private void Change(Func<LinkState, LinkState> change)
    {
        lock (broker.Gate)
        {
            link = change(link);
            listeners.ForEach(states => states.Writer.TryWrite(link));
        }
    }
}
