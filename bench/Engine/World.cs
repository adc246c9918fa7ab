using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Engine;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Bench.Engine;

/// <summary>An engine, and a world in which all that it wants is done at once. Only the engine's own steps are timed; time passes as it does for a loop that works.</summary>
internal sealed class World(int devices)
{
    private const int MostAtOnce = 128;
    private readonly FleetEngine engine = new(new EngineOptions(), MasterKey.Parse(Convert.ToBase64String(new byte[32])), new Random(7));
    private readonly List<FleetEvent> batch = new(2 * MostAtOnce);
    private readonly Queue<FleetEvent> finished = new();
    private readonly Stopwatch clock = new();
    private readonly NativeTexts stored = new(devices);
    private readonly NativeTexts manifests = new(devices);
    private ulong revision;

    public DateTimeOffset Now { get; private set; } = new(2026, 11, 27, 8, 0, 0, TimeSpan.Zero);

    /// <summary>The time in the engine since it was last asked for.</summary>
    public TimeSpan TakeTime()
    {
        var elapsed = clock.Elapsed;
        clock.Reset();
        return elapsed;
    }

    /// <summary>The longest steps, and what was in them.</summary>
    public LongestSteps Longest { get; } = new();

    /// <summary>The manifest that was put for a device: its generation, and its digest made anew, as a parser does.</summary>
    public (Generation? Generation, Digest? Digest) ManifestOf(int number) => manifests[number] is { IsEmpty: false } text && Encoding.UTF8.GetString(text).Split(' ') is [var term, var counter, var digest]
        ? (new Generation(long.Parse(term, CultureInfo.InvariantCulture), long.Parse(counter, CultureInfo.InvariantCulture)), Digest.Parse(digest))
        : (null, null);

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
            while (batch.Count < MostAtOnce && finished.TryDequeue(out var one))
            {
                batch.Add(one);
            }

            batch.AddRange(portion);
            portion = [];
            Now += TimeSpan.FromMilliseconds(1);
            var before = StepCost.Now(clock.Elapsed);
            clock.Start();
            var step = engine.Step(batch, Now);
            clock.Stop();
            Longest.Add(StepCost.Now(clock.Elapsed).Since(before), batch, step.Effects);
            isAllTaken = step.IsAllTaken;
            batch.Clear();
            foreach (var effect in step.Effects.Where(effect => effect.Target != EffectTarget.Process))
            {
                Effects++;
                finished.Enqueue(new FleetEvent.Finished(effect, Do(effect)));
            }
        }
        while (!isAllTaken || finished.Count >= MostAtOnce);
    }

    private EffectResult Do(FleetEffect effect)
    {
        switch (effect)
        {
            case FleetEffect.PutManifest put:
                var held = new StoredManifest(++revision, put.Step.Digest, put.Step.Generation);
                manifests.Put(NumberOf(put.Device), Encoding.UTF8.GetBytes($"{put.Step.Generation.Term} {put.Step.Generation.Counter} {put.Step.Digest.Value}"));
                return new EffectResult.ManifestPut(held, IsWritten: true, []);
            case FleetEffect.PatchFinalizers patch:
                return new EffectResult.DeploymentStored(Next(patch.Resource));
            case FleetEffect.PatchDeploymentStatus patch:
                return new EffectResult.DeploymentStored(Next(patch.Resource));
            case FleetEffect.ReadDevice read:
                return new EffectResult.DeviceStored(JsonSerializer.Deserialize(stored[NumberOf(read.Id)], ResourceTypes.Devices.Json)!);
            case FleetEffect.UpdateDevice update:
                return new EffectResult.DeviceStored(Store(update.Resource));
            case FleetEffect.PatchDeviceStatus patch:
                return new EffectResult.DeviceStored(Store(patch.Resource));
            case FleetEffect.EnsureBuckets:
                return new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere);
            case FleetEffect.ListScores:
                return new EffectResult.ScoresListed([]);
            default:
                return new EffectResult.Done();
        }
    }

    private Deployment Next(Deployment resource) => resource with { Metadata = resource.Metadata with { ResourceVersion = $"{++revision}" } };

    /// <summary>The device is stored, and its informer tells of it.</summary>
    public Device Store(Device resource)
    {
        var next = resource with { Metadata = resource.Metadata with { ResourceVersion = $"{++revision}" } };
        stored.Put(NumberOf(DeviceId.Parse(next.Metadata.Name)), JsonSerializer.SerializeToUtf8Bytes(next, ResourceTypes.Devices.Json));
        return next;
    }

    private static int NumberOf(DeviceId id) => int.Parse(id.Value.AsSpan("pi-".Length), CultureInfo.InvariantCulture);
}
