namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>Opens sessions with the servers in turn, and tells each of all subscriptions before it counts as open.</summary>
internal sealed class SessionOpener(NatsOptions options, TimeProvider time, RequestInbox inbox, SubscriptionTable subscriptions, IFrameHandler handler)
{
    private readonly Handshake _handshake = new(options, time);
    private int _next;

    /// <summary>Tries the next server.</summary>
    /// <exception cref="NatsConnectException">It did not succeed.</exception>
    public async Task<Session> OpenAsync(CancellationToken cancellationToken)
    {
        var server = options.Servers[_next];
        _next = (_next + 1) % options.Servers.Length;
        var established = await _handshake.OpenAsync(server, cancellationToken);
        var outgoing = new OutgoingBuffer(options, established.Info.MaxPayload, inbox.Subject, RequestInbox.Sid);
        var session = new Session(established, outgoing, handler, options, time);
        session.Start();
        try
        {
            await IntroduceAsync(session, cancellationToken);
            return session;
        }
        catch
        {
            subscriptions.Detach();
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tries each server once.</summary>
    /// <exception cref="NatsConnectException">No one succeeded; this is the last one's failure.</exception>
    public async Task<Session> OpenAnyAsync(CancellationToken cancellationToken)
    {
        for (var left = options.Servers.Length; ; left--)
        {
            try
            {
                return await OpenAsync(cancellationToken);
            }
            catch (NatsConnectException) when (left > 1)
            {
                // The next server may do.
            }
        }
    }

    private async Task IntroduceAsync(Session session, CancellationToken cancellationToken)
    {
        try
        {
            if (subscriptions.TryAttach(session.Outgoing) && await session.Outgoing.PingAsync().WaitAsync(options.ConnectTimeout, time, cancellationToken))
            {
                return;
            }
        }
        catch (TimeoutException)
        {
            session.End(new("the server did not answer in time"));
        }

        session.End(new("the outgoing buffer does not hold the subscriptions"));
        var end = await session.Ended;
        var kind = end.Error is { IsAboutLogin: true } ? ConnectFailure.Refused : ConnectFailure.Unreachable;
        throw new NatsConnectException(kind, $"The NATS server {session.Server} was lost while connecting: {end.Reason}.");
    }
}
