using System.Collections.Concurrent;
using Harmony.Fleet.Adapters.Nats.Protocol;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>The subscriptions, which outlive sessions: each new session is told of all of them before anything else.</summary>
internal sealed class SubscriptionTable(long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<ulong, NatsSubscription> _bySid = new();
    private OutgoingBuffer? _attached;
    private ulong _lastSid = RequestInbox.Sid;
    private bool _ended;

    /// <summary>Adds a subscription, and tells the present session.</summary>
    public NatsSubscription Add(string subject, string? queueGroup, int capacity)
    {
        lock (_gate)
        {
            var subscription = new NatsSubscription(++_lastSid, subject, queueGroup, capacity, maxBytes, RemoveAsync);
            if (_ended)
            {
                subscription.Complete();
                return subscription;
            }

            _bySid[subscription.Sid] = subscription;
            _attached?.TrySubscribe(subscription);
            return subscription;
        }
    }

    /// <summary>Tells a new session of every subscription. False when it cannot even hold that.</summary>
    public bool TryAttach(OutgoingBuffer outgoing)
    {
        lock (_gate)
        {
            _attached = outgoing;
            foreach (var (_, subscription) in _bySid)
            {
                subscription.Refuse(null);
                if (!outgoing.TrySubscribe(subscription))
                {
                    return false;
                }
            }

            return true;
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

    /// <summary>Gives a message to its subscription; one that ended meanwhile gets nothing.</summary>
    public void Deliver(in Frame frame)
    {
        if (!_bySid.TryGetValue(frame.Sid, out var subscription))
        {
            return;
        }

        var subject = frame.Subject.SequenceEqual(subscription.SubjectBytes) ? subscription.Subject : null;
        MessageReader.TryRead(frame, subject, out var message);
        subscription.Offer(message);
    }

    /// <summary>Marks the subscriptions that the server refused.</summary>
    public void Refuse(string subject, string reason)
    {
        foreach (var (_, subscription) in _bySid)
        {
            if (string.Equals(subscription.Subject, subject, StringComparison.Ordinal))
            {
                subscription.Refuse(reason);
            }
        }
    }

    /// <summary>Ends every subscription, present and future.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            foreach (var (_, subscription) in _bySid)
            {
                subscription.Complete();
            }

            _bySid.Clear();
        }
    }

    private ValueTask RemoveAsync(NatsSubscription subscription)
    {
        lock (_gate)
        {
            if (_bySid.TryRemove(subscription.Sid, out _))
            {
                _attached?.TryUnsubscribe(subscription.Sid);
            }
        }

        subscription.Complete();
        return ValueTask.CompletedTask;
    }
}
