using System.Security.Cryptography;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>Opens sessions with the servers in turn, and tells each of all subscriptions before it counts as open.</summary>
/// <param name="options">How.</param>
/// <param name="time">The clock.</param>
/// <param name="subscriptions">They.</param>
/// <param name="notice">Told what servers complain about while a session goes on.</param>
internal sealed class SessionOpener(NatsOptions options, TimeProvider time, SubscriptionTable subscriptions, Action<string> notice)
{
    private int _next = options.StartsAnywhere ? new Random(options.JitterSeed ?? RandomNumberGenerator.GetInt32(int.MaxValue)).Next(options.Servers.Length) : 0;

    /// <summary>Tries the next server.</summary>
    /// <exception cref="NatsConnectException">It did not succeed.</exception>
    public async Task<Session> OpenAsync(CancellationToken cancellationToken)
    {
        var session = new Session(options.Servers[_next], options, time, notice);
        _next = (_next + 1) % options.Servers.Length;
        try
        {
            await session.OpenAsync(cancellationToken);
            if (await subscriptions.TryAttachAsync(session, options.ConnectTimeout, cancellationToken))
            {
                return session;
            }

            session.End("the server did not answer in time");
            throw new NatsConnectException(ConnectFailure.Busy, $"The NATS server {session.Server} was lost while connecting: {await session.Ended}.");
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
}
