using Harmony.Fleet.Operator.Control.Work;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Buckets;

/// <summary>Whether the buckets stand as they should: looked at on each new connection, whenever one was seen to begin again, and from time to time.</summary>
internal sealed class BucketGate(BucketKeeper keeper, LoopContext loop)
{
    private readonly WorkQueue<long> queue = loop.Queue<long>();
    private DateTimeOffset next = loop.Now + loop.Options.BucketInterval;
    private long connection;
    private bool isUp;
    private bool mayHaveLost;

    /// <summary>Whether they do, and the link is up.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Called when they stand as they should after something may have been lost from them.</summary>
    public Action? Ensured { get; set; }

    /// <summary>The link changed.</summary>
    public void Link(LinkState link)
    {
        (isUp, connection) = (link.IsUp, link.Connects);
        (IsReady, mayHaveLost) = (false, true);
        Doubt();
    }

    /// <summary>A bucket may have been lost.</summary>
    public void Doubt()
    {
        if (isUp)
        {
            queue.Add(connection);
        }
    }

    /// <summary>Begins what can be begun.</summary>
    public void Pump(CancellationToken cancellationToken)
    {
        if (loop.Now >= next)
        {
            next = loop.Now + (loop.Options.BucketInterval * (0.5 + (loop.Random.NextDouble() / 2)));
            Doubt();
        }

        while (loop.Runners.Bus.HasRoom && queue.TryTake(out var number))
        {
            if (isUp && number == connection)
            {
                loop.Runners.Bus.Start(token => EnsureAsync(number, token), () => queue.Retry(number), cancellationToken);
            }
            else
            {
                queue.Finish(number);
            }
        }
    }

    private async Task<Action> EnsureAsync(long number, CancellationToken cancellationToken)
    {
        var found = await keeper.EnsureAsync(cancellationToken);
        return () =>
        {
            mayHaveLost |= found == BucketsFound.MadeAnew;
            if (!isUp || number != connection)
            {
                queue.Finish(number);
                return;
            }

            IsReady = found != BucketsFound.NotReady;
            if (!IsReady)
            {
                queue.Retry(number);
                return;
            }

            queue.Finish(number);
            if (mayHaveLost)
            {
                mayHaveLost = false;
                Ensured?.Invoke();
            }
        };
    }
}
