using Harmony.Fleet.Adapters.Nats.Connection;

namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>What can be done with whole streams.</summary>
/// <param name="connection">Through which.</param>
/// <param name="options">How long to wait.</param>
public sealed class StreamApi(NatsConnection connection, JetStreamOptions options)
{
    private readonly JetStreamApi _api = new(connection, options);

    /// <summary>Makes a stream; done already when one with exactly this configuration is there.</summary>
    public Task<ApiOutcome<StreamInfo>> CreateAsync(StreamConfig config, CancellationToken cancellationToken) =>
        _api.AskAsync($"STREAM.CREATE.{config.Name}", config, JetStreamJson.Default.StreamConfig, JetStreamJson.Default.StreamInfo, cancellationToken);

    /// <summary>Replaces a stream's configuration.</summary>
    public Task<ApiOutcome<StreamInfo>> UpdateAsync(StreamConfig config, CancellationToken cancellationToken) =>
        _api.AskAsync($"STREAM.UPDATE.{config.Name}", config, JetStreamJson.Default.StreamConfig, JetStreamJson.Default.StreamInfo, cancellationToken);

    /// <summary>A stream's configuration and what it holds.</summary>
    public Task<ApiOutcome<StreamInfo>> InfoAsync(string stream, CancellationToken cancellationToken) =>
        _api.AskAsync($"STREAM.INFO.{stream}", default, JetStreamJson.Default.StreamInfo, cancellationToken);

    /// <summary>Deletes a stream with all that it holds.</summary>
    public async Task<ApiOutcome<bool>> DeleteAsync(string stream, CancellationToken cancellationToken) =>
        await _api.AskAsync($"STREAM.DELETE.{stream}", default, JetStreamJson.Default.DeleteResponse, cancellationToken) switch
        {
            ApiOutcome<DeleteResponse>.Ok done => new ApiOutcome<bool>.Ok(done.Value.Success),
            ApiOutcome<DeleteResponse>.Refused refused => new ApiOutcome<bool>.Refused(refused.Error),
            var other => new ApiOutcome<bool>.Unavailable(((ApiOutcome<DeleteResponse>.Unavailable)other).Reason),
        };

    /// <summary>Removes messages from a stream.</summary>
    /// <returns>How many.</returns>
    public async Task<ApiOutcome<ulong>> PurgeAsync(string stream, PurgeRequest request, CancellationToken cancellationToken) =>
        await _api.AskAsync($"STREAM.PURGE.{stream}", request, JetStreamJson.Default.PurgeRequest, JetStreamJson.Default.PurgeResponse, cancellationToken) switch
        {
            ApiOutcome<PurgeResponse>.Ok done => new ApiOutcome<ulong>.Ok(done.Value.Purged),
            ApiOutcome<PurgeResponse>.Refused refused => new ApiOutcome<ulong>.Refused(refused.Error),
            var other => new ApiOutcome<ulong>.Unavailable(((ApiOutcome<PurgeResponse>.Unavailable)other).Reason),
        };
}
