using System.Runtime.CompilerServices;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.JetStream;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Adapters.Nats.KeyValue;

/// <summary>A watch that begins again, jittered, whenever its consumer is lost: it never misses a change silently, and never hangs on a bucket that was made anew.</summary>
internal sealed partial class BucketWatch(
    NatsLink link,
    NatsOptions options,
    TimeProvider time,
    ILogger logger,
    OrderedConsumerRequest request,
    string prefix)
{
    /// <summary>What happens to the bucket.</summary>
    public async IAsyncEnumerable<BucketEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var opener = new ConsumerOpener(link, options, time, logger, request);
        string? lost = null;
        while (true)
        {
            await using var consumer = await opener.OpenAsync(lost is not null, cancellationToken);
            if (lost is not null)
            {
                yield return new BucketEvent.Restarted(lost);
            }

            var history = new HistoryProgress(consumer.Initial);
            if (history.IsComplete)
            {
                yield return new BucketEvent.CaughtUp();
            }

            while (await consumer.NextAsync(cancellationToken) is { } delivery)
            {
                if (EntryReader.TryRead(delivery, prefix, out var entry))
                {
                    yield return new BucketEvent.Changed(entry);
                }

                if (history.CompletesWith(delivery))
                {
                    yield return new BucketEvent.CaughtUp();
                }
            }

            lost = consumer.LostReason ?? "the watch was lost";
            LogLost(request.Stream, lost);
        }
    }
}
