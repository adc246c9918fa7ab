namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>The subscriptions, which outlive sessions: each new session is told of all of them before anything else.</summary>
internal sealed class SubscriptionTable(long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly HashSet<Subscription> _all = [];
    private Session? _attached;
    private bool _ended;

    /// <summary>Adds a subscription, and tells the present session; registered at the server when the task ends.</summary>
    public async Task<Subscription> AddAsync(string subject, int capacity, TimeSpan limit, CancellationToken cancellationToken)
    {
        var subscription = new Subscription(subject, capacity, maxBytes, Remove);
        if (Add(subscription) is { } session)
        {
            try
            {
                await subscription.AttachAsync(session, session.Over);
                await session.FlushAsync(limit, cancellationToken);
            }
            catch (Exception lost) when (!cancellationToken.IsCancellationRequested && IsLoss(lost))
            {
                // The next session is told.
            }
            catch
            {
                await subscription.DisposeAsync();
                throw;
            }
        }

        return subscription;
    }

    /// <summary>Tells a new session of every subscription. False when it is lost meanwhile.</summary>
    public async Task<bool> TryAttachAsync(Session session, TimeSpan limit, CancellationToken cancellationToken)
    {
        Subscription[] present;
        lock (_gate)
        {
            _attached = session;
            present = [.. _all];
        }

        try
        {
            foreach (var subscription in present)
            {
                await subscription.AttachAsync(session, session.Over);
            }

            return await session.FlushAsync(limit, cancellationToken);
        }
        catch (Exception lost) when (!cancellationToken.IsCancellationRequested && IsLoss(lost))
        {
            return false;
        }
    }

    /// <summary>The session is gone.</summary>
    public void Detach()
    {
        lock (_gate)
        {
            _attached = null;
        }
    }

    /// <summary>Ends every subscription, present and future.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            foreach (var subscription in _all)
            {
                subscription.Complete();
            }

            _all.Clear();
        }
    }

    private static bool IsLoss(Exception failure) => failure is OperationCanceledException or ObjectDisposedException or NATS.Client.Core.NatsException;

    private Session? Add(Subscription subscription)
    {
        lock (_gate)
        {
            if (_ended)
            {
                subscription.Complete();
                return null;
            }

            _all.Add(subscription);
            return _attached;
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            _all.Remove(subscription);
        }
    }
}
