using System.Diagnostics;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Engine;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Bench.Engine;

/// <summary>An engine, and a world in which all that it wants is done at once. Only the engine's own steps are timed; time passes as it does for a loop that works.</summary>
internal sealed class World
{
    private const int MostAtOnce = 256;
    private readonly FleetEngine engine = new(new EngineOptions(), MasterKey.Parse(Convert.ToBase64String(new byte[32])), new Random(7));
    private readonly List<FleetEvent> batch = new(2 * MostAtOnce);
    private readonly Queue<FleetEvent> finished = new();
    private readonly Stopwatch clock = new();
    private ulong revision;

    public DateTimeOffset Now { get; private set; } = new(2026, 11, 27, 8, 0, 0, TimeSpan.Zero);

    /// <summary>The time in the engine since it was last asked for.</summary>
    public TimeSpan TakeTime()
    {
        var elapsed = clock.Elapsed;
        clock.Reset();
        return elapsed;
    }

    /// <summary>The longest step so far.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>The manifests that were put, by device.</summary>
    public Dictionary<string, StoredManifest> Manifests { get; } = new(StringComparer.Ordinal);

    public long Effects { get; private set; }

    /// <summary>Takes events in the portions of the control loop, then until nothing is left to be done.</summary>
    public void Take(IEnumerable<FleetEvent> events)
    {
        foreach (var portion in events.Chunk(MostAtOnce))
        {
            Step(portion);
        }

        // A flush is due once a second: two, so that all is written.
        for (var second = 0; second < 2; second++)
        {
            Now += TimeSpan.FromSeconds(1);
            do
            {
                Step([]);
            }
            while (finished.Count > 0);
        }
    }

    /// <summary>One step in which nothing happened.</summary>
    public void Tick() => Step([]);

    private void Step(FleetEvent[] portion)
    {
        bool isAllTaken;
        do
        {
            batch.Clear();
            batch.AddRange(finished);
            finished.Clear();
            batch.AddRange(portion);
            portion = [];
            Now += TimeSpan.FromMilliseconds(1);
            var before = clock.Elapsed;
            clock.Start();
            var step = engine.Step(batch, Now);
            clock.Stop();
            Longest = clock.Elapsed - before > Longest ? clock.Elapsed - before : Longest;
            isAllTaken = step.IsAllTaken;
            foreach (var effect in step.Effects.Where(effect => effect.Target != EffectTarget.Process))
            {
                Effects++;
                finished.Enqueue(new FleetEvent.Finished(effect, Do(effect)));
            }
        }
        while (!isAllTaken);
    }

    private EffectResult Do(FleetEffect effect)
    {
        switch (effect)
        {
            case FleetEffect.PutManifest put:
                var stored = new StoredManifest(++revision, put.Step.Digest, put.Step.Generation);
                Manifests[put.Device.Value] = stored;
                return new EffectResult.ManifestPut(stored, IsWritten: true, []);
            case FleetEffect.PatchFinalizers patch:
                return new EffectResult.DeploymentStored(Next(patch.Resource));
            case FleetEffect.PatchDeploymentStatus patch:
                return new EffectResult.DeploymentStored(Next(patch.Resource));
            case FleetEffect.UpdateDevice update:
                return new EffectResult.DeviceStored(Next(update.Resource));
            case FleetEffect.PatchDeviceStatus patch:
                return new EffectResult.DeviceStored(Next(patch.Resource));
            case FleetEffect.EnsureBuckets:
                return new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere);
            case FleetEffect.ListScores:
                return new EffectResult.ScoresListed([]);
            default:
                return new EffectResult.Done();
        }
    }

    private Deployment Next(Deployment resource) => resource with { Metadata = resource.Metadata with { ResourceVersion = $"{++revision}" } };

    private Device Next(Device resource) => resource with { Metadata = resource.Metadata with { ResourceVersion = $"{++revision}" } };
}
