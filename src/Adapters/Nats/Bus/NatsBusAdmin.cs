using Harmony.Fleet.Adapters.Nats.Accounts;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.JetStream;
using Harmony.Fleet.Adapters.Nats.KeyValue;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Adapters.Nats.Bus;

/// <summary>What the control plane does to buckets: needs the rights of an account that holds the streams.</summary>
/// <param name="connection">Through which; stays the caller's.</param>
/// <param name="options">How long to wait.</param>
public sealed class NatsBusAdmin(NatsConnection connection, JetStreamOptions options) : IBusAdmin
{
    private readonly StreamApi _streams = new(connection, options);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The settings' name is none, or a limit is not positive.</exception>
    public async Task<EnsureBucketOutcome> EnsureBucketAsync(BucketSettings settings, CancellationToken cancellationToken)
    {
        Demand(settings);
        var wanted = BucketConfig.Of(settings);
        return await _streams.InfoAsync(wanted.Name, cancellationToken) switch
        {
            ApiOutcome<StreamInfo>.Ok { Value.Config: { } found } => await CorrectAsync(found, wanted, cancellationToken),
            ApiOutcome<StreamInfo>.Refused { Error.ErrCode: ApiErrorCodes.StreamNotFound } => await CreateAsync(wanted, cancellationToken),
            ApiOutcome<StreamInfo>.Refused refused => new EnsureBucketOutcome.Unavailable(refused.Error.ToString()),
            ApiOutcome<StreamInfo>.Unavailable away => new EnsureBucketOutcome.Unavailable(away.Reason),
            _ => new EnsureBucketOutcome.Unavailable("the server told no configuration"),
        };
    }

    /// <summary>
    /// Removes a delete marker from the store, so that a key that is gone takes no room. Only what is as old as <paramref name="revision"/> goes: a value that
    /// was written meanwhile stays.
    /// </summary>
    /// <returns>How many messages were removed.</returns>
    public Task<ApiOutcome<ulong>> SweepMarkerAsync(string bucket, string key, ulong revision, CancellationToken cancellationToken) =>
        KeyRules.IsBucket(bucket) && KeyRules.IsKey(key)
            ? _streams.PurgeAsync(BucketSubjects.Stream(bucket), new PurgeRequest(BucketSubjects.Key(bucket, key), revision + 1), cancellationToken)
            : throw new ArgumentException($"'{bucket}/{key}' is no key of a bucket.", nameof(key));

    private static void Demand(BucketSettings settings)
    {
        if (!KeyRules.IsBucket(settings.Name) || settings.MaxConsumers <= 0 || settings.MaxValueBytes <= 0)
        {
            throw new ArgumentException($"The bucket '{settings.Name}' needs a valid name, and positive MaxConsumers and MaxValueBytes.", nameof(settings));
        }
    }

    private async Task<EnsureBucketOutcome> CreateAsync(StreamConfig wanted, CancellationToken cancellationToken) =>
        await _streams.CreateAsync(wanted, cancellationToken) switch
        {
            ApiOutcome<StreamInfo>.Ok => new EnsureBucketOutcome.Created(),
            // Somebody made it in between, otherwise than we wanted: the next call sees and corrects it.
            ApiOutcome<StreamInfo>.Refused { Error: { ErrCode: ApiErrorCodes.StreamNameInUse } or { IsTransient: true } } refused =>
                new EnsureBucketOutcome.Unavailable(refused.Error.ToString()),
            ApiOutcome<StreamInfo>.Refused refused => new EnsureBucketOutcome.Mismatch([], refused.Error.ToString()),
            var other => new EnsureBucketOutcome.Unavailable(((ApiOutcome<StreamInfo>.Unavailable)other).Reason),
        };

    private async Task<EnsureBucketOutcome> CorrectAsync(StreamConfig found, StreamConfig wanted, CancellationToken cancellationToken)
    {
        var differences = BucketDrift.Between(found, wanted);
        if (differences.IsEmpty)
        {
            return new EnsureBucketOutcome.Verified();
        }

        return await _streams.UpdateAsync(wanted with { NumReplicas = found.NumReplicas }, cancellationToken) switch
        {
            ApiOutcome<StreamInfo>.Ok { Value.Config: { } now } when BucketDrift.Between(now, wanted) is { IsEmpty: false } left =>
                new EnsureBucketOutcome.Mismatch(left, "the server kept its own setting"),
            ApiOutcome<StreamInfo>.Ok => new EnsureBucketOutcome.Corrected(differences),
            ApiOutcome<StreamInfo>.Refused { Error.IsTransient: true } refused => new EnsureBucketOutcome.Unavailable(refused.Error.ToString()),
            ApiOutcome<StreamInfo>.Refused refused => await CorrectTheRestAsync(found, wanted, refused.Error, cancellationToken),
            var other => new EnsureBucketOutcome.Unavailable(((ApiOutcome<StreamInfo>.Unavailable)other).Reason),
        };
    }

    /// <summary>What cannot be changed in place must not keep a guard undone: all else is put right, and what is left is told.</summary>
    private async Task<EnsureBucketOutcome> CorrectTheRestAsync(StreamConfig found, StreamConfig wanted, ApiError error, CancellationToken cancellationToken)
    {
        var possible = wanted with
        {
            NumReplicas = found.NumReplicas,
            Storage = found.Storage,
            Retention = found.Retention,
            MaxConsumers = found.MaxConsumers,
        };
        var now = await _streams.UpdateAsync(possible, cancellationToken) is ApiOutcome<StreamInfo>.Ok { Value.Config: { } config } ? config : found;
        return new EnsureBucketOutcome.Mismatch(BucketDrift.Between(now, wanted), error.ToString());
    }
}
