#pragma warning disable CA1822 // The surface first; the connection itself follows in the next commit.
using Harmony.Fleet.Adapters.Nats.Protocol;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>One connection to NATS that makes itself anew whenever it is lost. Nothing is sent before <see cref="ConnectAsync"/> or <see cref="Start"/>.</summary>
public sealed class NatsConnection : IAsyncDisposable
{
    private readonly LinkState _link = new(false, 0, "not started");
    private readonly NatsOptions _options;

    /// <summary>A connection that is yet to be made.</summary>
    public NatsConnection(NatsOptions options, TimeProvider time, ILogger logger) => _options = options;

    /// <summary>Whether the server is there.</summary>
    public LinkState Link => _link;

    /// <summary>What the server last said of itself; null before the first connect.</summary>
    public ServerInfo? Server { get; private set; }

    /// <summary>Makes the first connection, and keeps it from then on.</summary>
    /// <exception cref="NatsConnectException">It could not be made: no retry was left running.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken) => Task.FromException(new NatsConnectException("not yet"));

    /// <summary>Connects in the background, for ever.</summary>
    public void Start() => Server = null;

    /// <summary>The present state of the link, and each later one; only the newest is kept for a slow reader.</summary>
    public IAsyncEnumerable<LinkState> LinkChangesAsync(CancellationToken cancellationToken) => AsyncEnumerable.Empty<LinkState>();

    /// <summary>What the server complains about while the connection stands on: permission violations and the like.</summary>
    public IAsyncEnumerable<ServerNotice> NoticesAsync(CancellationToken cancellationToken) => AsyncEnumerable.Empty<ServerNotice>();

    /// <summary>
    /// Sends without acknowledgement. While the outgoing buffer is full it waits, at most <see cref="NatsOptions.PublishWait"/>; the payload must not change
    /// until the task ends.
    /// </summary>
    public ValueTask<PublishOutcome> PublishAsync(
        string subject,
        ReadOnlyMemory<byte> payload,
        NatsHeaders? headers = null,
        string? replyTo = null,
        CancellationToken cancellationToken = default) => new(PublishOutcome.LinkDown);

    /// <summary>Waits until the server has seen all that was sent before: a round trip.</summary>
    /// <returns>False when the link is down or went down meanwhile.</returns>
    public ValueTask<bool> FlushAsync(CancellationToken cancellationToken) => new(false);

    /// <summary>Listens. Registered with the server when the task ends, or at the next connect when the link is down.</summary>
    /// <param name="subject">Wildcards allowed.</param>
    /// <param name="queueGroup">The group whose members share the messages; null for none.</param>
    /// <param name="capacity">The most messages that wait for the reader.</param>
    /// <param name="cancellationToken">Gives up, and leaves no subscription behind.</param>
    public Task<NatsSubscription> SubscribeAsync(string subject, string? queueGroup, int capacity, CancellationToken cancellationToken) =>
        Task.FromResult(new NatsSubscription(1, subject, queueGroup, capacity, _options.SubscriptionBytes, _ => ValueTask.CompletedTask));

    /// <summary>
    /// Asks, and awaits one answer in the connection's own inbox. Made for pipelining: no allocation and no timer a request; await the task once, at once.
    /// Timeouts are told up to 100 ms late.
    /// </summary>
    public ValueTask<RequestOutcome> RequestAsync(
        string subject,
        ReadOnlyMemory<byte> payload,
        NatsHeaders? headers,
        TimeSpan timeout,
        CancellationToken cancellationToken) => new(RequestOutcome.Of(RequestStatus.LinkDown));

    /// <summary>A new subject under the inbox prefix: for a subscription that awaits several answers to one publish.</summary>
    public string NewInbox() => _options.InboxPrefix;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
