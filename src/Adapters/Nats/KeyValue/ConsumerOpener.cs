using System.Security.Cryptography;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.JetStream;
using Harmony.Fleet.Core.Retries;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Adapters.Nats.KeyValue;

/// <summary>Opens a consumer again, for as long as that takes: waits for the connection, then tries with a capped, jittered back-off.</summary>
internal sealed partial class ConsumerOpener(
    NatsLink link,
    NatsOptions options,
    TimeProvider time,
    ILogger logger,
    OrderedConsumerRequest request)
{
    private readonly Random _random = new(options.JitterSeed ?? RandomNumberGenerator.GetInt32(int.MaxValue));

    /// <summary>A consumer. Even the first attempt waits a little: others lost theirs at the same moment.</summary>
    public async Task<OrderedConsumer> OpenAsync(CancellationToken cancellationToken)
    {
        var backOff = new BackOffSequence(new BackOff(options.JetStream.ReopenMin, options.JetStream.ReopenCap), _random);
        string? told = null;
        while (true)
        {
            await LinkAsync(cancellationToken);
            await Task.Delay(backOff.Next(), time, cancellationToken);
            var (consumer, reason) = await OrderedConsumer.OpenAsync(link, options, time, request, cancellationToken);
            if (consumer is not null)
            {
                return consumer;
            }

            // Told once for each reason: a bucket may be missing for long.
            if (!string.Equals(told, reason, StringComparison.Ordinal))
            {
                LogWaiting(request.Stream, reason);
                told = reason;
            }
        }
    }

    private async Task LinkAsync(CancellationToken cancellationToken)
    {
        await foreach (var state in link.LinkChangesAsync(cancellationToken))
        {
            if (state.IsUp)
            {
                return;
            }
        }

        throw new ObjectDisposedException(nameof(NatsLink));
    }
}
