using System.Runtime.CompilerServices;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.JetStream;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Adapters.Nats.KeyValue;

/// <summary>
/// A watch that begins again, jittered, whenever its consumer is lost: it never misses a change silently, never hangs on a bucket that was made anew, and says at once when it
/// does not see the bucket.
/// </summary>
internal sealed partial class BucketWatch(
    NatsLink link,
    NatsOptions options,
    TimeProvider time,
    ILogger logger,
    OrderedConsumerRequest request,
    string prefix)
{
    private const string Unknown = "the watch was lost";

    /// <summary>What happens to the bucket.</summary>
    public async IAsyncEnumerable<BucketEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var opener = new ConsumerOpener(link, options, time, logger, request);
        var (first, missing) = await OrderedConsumer.OpenAsync(link, options, time, request, cancellationToken);
        if (first is null)
        {
            yield return new BucketEvent.Restarted(missing ?? Unknown);
        }

        while (true)
        {
            await using var consumer = first ?? await opener.OpenAsync(cancellationToken);
            first = null;
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

            var lost = consumer.LostReason ?? Unknown;
            LogLost(request.Stream, lost);

            // Before it is open again, which may take long: until then nobody knows what is in the bucket.
            yield return new BucketEvent.Restarted(lost);
        }
    }
}
