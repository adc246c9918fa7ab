using Harmony.Fleet.Ports.Bus;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Harmony.Fleet.Adapters.NatsAdmin;

/// <summary>What the control plane does to buckets: needs the rights of an account that holds the streams. A device has none of them.</summary>
/// <param name="connection">The connection of the moment; null while there is none.</param>
public sealed class NatsBusAdmin(Func<INatsConnection?> connection) : IBusAdmin
{
    private const int InvalidConfig = 10052;
    private const int NoPeers = 10005;
    private const int StreamNameInUse = 10058;
    private const int StreamNotFound = 10059;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The settings' name is none, or a limit is not positive.</exception>
    public async Task<EnsureBucketOutcome> EnsureBucketAsync(BucketSettings settings, CancellationToken cancellationToken)
    {
        if (!KeyRules.IsBucket(settings.Name) || settings.MaxConsumers <= 0 || settings.MaxValueBytes <= 0)
        {
            throw new ArgumentException($"The bucket '{settings.Name}' needs a valid name, and positive MaxConsumers and MaxValueBytes.", nameof(settings));
        }

        return await AskAsync<EnsureBucketOutcome>(
            streams => EnsureAsync(streams, settings, cancellationToken), reason => new EnsureBucketOutcome.Unavailable(reason), cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The bucket's name, or a marker's key, is none.</exception>
    public async Task<PurgeMarkersOutcome> PurgeMarkersAsync(string bucket, IReadOnlyCollection<BucketEntry> markers, CancellationToken cancellationToken)
    {
        if (!KeyRules.IsBucket(bucket) || !markers.All(marker => KeyRules.IsKey(marker.Key)))
        {
            throw new ArgumentException($"The bucket '{bucket}' and the keys of its markers need names without wildcards.", nameof(markers));
        }

        return await AskAsync<PurgeMarkersOutcome>(
            async streams => new PurgeMarkersOutcome.Purged(await MarkerPurge.RunAsync(streams, bucket, markers, cancellationToken)),
            reason => new PurgeMarkersOutcome.Unavailable(reason),
            cancellationToken);
    }

    private async Task<T> AskAsync<T>(Func<NatsJSContext, Task<T>> ask, Func<string, T> unavailable, CancellationToken cancellationToken)
    {
        if (connection() is not { } present)
        {
            return unavailable("the connection to NATS is down");
        }

        try
        {
            return await ask(new NatsJSContext(present, new NatsJSOpts(present.Opts)));
        }
        catch (NatsJSApiException refused)
        {
            return unavailable(Words(refused));
        }
        catch (NatsNoRespondersException)
        {
            return unavailable("nobody answers for JetStream: it is off");
        }
        catch (Exception away) when (away is NatsException or ObjectDisposedException || (away is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return unavailable($"JetStream does not answer: {away.Message}");
        }
    }

    private static async Task<EnsureBucketOutcome> EnsureAsync(NatsJSContext streams, BucketSettings settings, CancellationToken cancellationToken)
    {
        StreamConfig found;
        var wanted = BucketConfig.Of(settings);
        try
        {
            found = (await streams.GetStreamAsync(wanted.Name!, cancellationToken: cancellationToken)).Info.Config;
        }
        catch (NatsJSApiException missing) when (missing.Error.ErrCode == StreamNotFound)
        {
            return await CreateAsync(streams, wanted, cancellationToken);
        }

        wanted = settings.Replicas is null ? wanted with { NumReplicas = found.NumReplicas } : wanted;
        var differences = BucketDrift.Between(found, wanted);
        if (differences.IsEmpty)
        {
            return new EnsureBucketOutcome.Verified();
        }

        try
        {
            var now = await UpdateAsync(streams, wanted, cancellationToken);
            return BucketDrift.Between(now, wanted) is { IsEmpty: false } left
                ? new EnsureBucketOutcome.Mismatch(left, "the server kept its own setting")
                : new EnsureBucketOutcome.Corrected(differences);
        }
        catch (NatsJSApiException refused) when (!IsTransient(refused))
        {
            return await CorrectTheRestAsync(streams, found, wanted, Words(refused), cancellationToken);
        }
    }

    private static async Task<EnsureBucketOutcome> CreateAsync(NatsJSContext streams, StreamConfig wanted, CancellationToken cancellationToken)
    {
        try
        {
            await streams.CreateStreamAsync(wanted, cancellationToken);
            return new EnsureBucketOutcome.Created();
        }
        catch (NatsJSApiException refused) when (!IsTransient(refused) && refused.Error.ErrCode != StreamNameInUse)
        {
            // With the name in use somebody made it in between, otherwise than we wanted: the next call sees and corrects it.
            return new EnsureBucketOutcome.Mismatch([], Words(refused));
        }
    }

    /// <summary>What cannot be changed in place must not keep a guard undone: all else is put right, and what is left is told.</summary>
    private static async Task<EnsureBucketOutcome> CorrectTheRestAsync(
        NatsJSContext streams, StreamConfig found, StreamConfig wanted, string reason, CancellationToken cancellationToken)
    {
        var now = found;
        try
        {
            var possible = wanted with { NumReplicas = found.NumReplicas, Storage = found.Storage, Retention = found.Retention, MaxConsumers = found.MaxConsumers };
            now = await UpdateAsync(streams, possible, cancellationToken);
        }
        catch (NatsJSApiException)
        {
            // Nothing of it: all differences are told.
        }

        return new EnsureBucketOutcome.Mismatch(BucketDrift.Between(now, wanted), reason);
    }

    private static async Task<StreamConfig> UpdateAsync(NatsJSContext streams, StreamConfig config, CancellationToken cancellationToken) =>
        (await streams.UpdateStreamAsync(config, cancellationToken)).Info.Config;

    private static bool IsTransient(NatsJSApiException refused) =>
        (refused.Error.Code >= 500 && refused.Error.ErrCode != InvalidConfig) || refused.Error.ErrCode is StreamNotFound or NoPeers;

    private static string Words(NatsJSApiException refused) => $"{refused.Error.Description ?? "refused"} (error {refused.Error.ErrCode})";
}
