using Harmony.Fleet.Adapters.Nats.Connection;

namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>What can be done with consumers.</summary>
internal sealed class ConsumerApi(NatsConnection connection, JetStreamOptions options)
{
    private readonly JetStreamApi _api = new(connection, options);

    /// <summary>Makes a consumer.</summary>
    public Task<ApiOutcome<ConsumerInfo>> CreateAsync(string stream, ConsumerConfig config, CancellationToken cancellationToken) =>
        _api.AskAsync(
            $"CONSUMER.CREATE.{stream}.{config.Name}.{config.FilterSubject}",
            new ConsumerRequest(stream, config),
            JetStreamJson.Default.ConsumerRequest,
            JetStreamJson.Default.ConsumerInfo,
            cancellationToken);

    /// <summary>Asks the server to drop a consumer, without waiting: one that is left over goes by itself when nobody listens.</summary>
    public async ValueTask ReleaseAsync(string stream, string consumer) =>
        await connection.PublishAsync($"$JS.API.CONSUMER.DELETE.{stream}.{consumer}", ReadOnlyMemory<byte>.Empty);
}
