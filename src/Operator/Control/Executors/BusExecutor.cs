using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Executors;

/// <summary>Carries out what the engine wants done on the bus.</summary>
internal sealed partial class BusExecutor(IBus bus, BucketVerifier buckets, ScoreWriter scores, ManifestWriter manifests, ILogger<BusExecutor> logger)
{
    private static readonly ImmutableArray<string> DeviceBuckets =
        [BucketNames.DesiredState, BucketNames.DeviceInfo, BucketNames.DeviceState, BucketNames.DeviceHeartbeat]; // The last three are the device's own, which may go on writing.

    /// <summary>Carries out an effect.</summary>
    public async Task<EffectResult> RunAsync(FleetEffect.OnBus effect, CancellationToken cancellationToken) => effect switch
    {
        FleetEffect.EnsureBuckets => await buckets.EnsureAsync(cancellationToken),
        FleetEffect.PutScore put => await scores.EnsureAsync(put.Address, put.Ciphertext, cancellationToken) ? new EffectResult.Done() : new EffectResult.Failed(),
        FleetEffect.ListScores => new EffectResult.ScoresListed(await ListScoresAsync(cancellationToken)),
        FleetEffect.DeleteScore delete => await DeleteScoreAsync(delete.Address, cancellationToken),
        FleetEffect.PutManifest put => await manifests.PutAsync(put.Device, put.Step, cancellationToken),
        FleetEffect.DeleteKeys delete => await DeleteKeysAsync(delete.Device, cancellationToken),
        _ => throw new InvalidOperationException($"The effect is not known: {effect}"),
    };

    private async Task<ImmutableArray<Digest>> ListScoresAsync(CancellationToken cancellationToken)
    {
        var stored = ImmutableArray.CreateBuilder<Digest>();
        await foreach (var key in bus.Bucket(BucketNames.Scores).KeysAsync(cancellationToken))
        {
            if (Digest.TryParse(key, out var address))
            {
                stored.Add(address);
            }
        }

        return stored.ToImmutable();
    }

    private async Task<EffectResult> DeleteScoreAsync(Digest address, CancellationToken cancellationToken)
    {
        var outcome = await bus.Bucket(BucketNames.Scores).RemoveAsync(address.Value, cancellationToken);
        LogRemoved(logger, address.Short, outcome);
        return new EffectResult.Done(); // What was not removed is found by the next sweep.
    }

    private async Task<EffectResult> DeleteKeysAsync(DeviceId device, CancellationToken cancellationToken)
    {
        foreach (var bucket in DeviceBuckets)
        {
            if (await bus.Bucket(bucket).RemoveAsync(device.Value, cancellationToken) is PutOutcome.Unavailable or PutOutcome.Conflict)
            {
                return bucket == BucketNames.DesiredState ? new EffectResult.Failed() : new EffectResult.ManifestRemoved();
            }
        }

        return new EffectResult.Done();
    }
}
