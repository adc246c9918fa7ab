using Harmony.Fleet.Adapters.Nats.JetStream;

namespace Harmony.Fleet.Adapters.Nats.KeyValue;

/// <summary>
/// Tells when a watch has seen all that was there. That is when the server has nothing more to deliver, and not after as many messages as there were at the
/// beginning: a key that is overwritten before its turn comes later, behind newer ones.
/// </summary>
internal sealed class HistoryProgress(ulong initial)
{
    // A server that counts wrong must not make a watch hang: long after all of the beginning has come, it is taken for complete.
    private readonly ulong _limit = (initial * 2) + 1024;
    private ulong _seen;

    /// <summary>Whether all was seen.</summary>
    public bool IsComplete { get; private set; } = initial == 0;

    /// <summary>Whether it is complete with this delivery, and was not before.</summary>
    public bool CompletesWith(in Delivery delivery)
    {
        if (IsComplete)
        {
            return false;
        }

        IsComplete = delivery.IsIdle || delivery.Origin.Pending == 0 || ++_seen > _limit;
        return IsComplete;
    }
}
