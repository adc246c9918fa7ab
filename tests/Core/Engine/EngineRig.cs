using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Engine;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>An engine and a clock. Nothing answers to its effects but the test.</summary>
internal sealed class EngineRig
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(10);
    private readonly FleetEngine engine;
    private readonly Dictionary<string, Device> devicesSeen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Deployment> deploymentsWritten = new(StringComparer.Ordinal);
    private readonly HashSet<Digest> scores = [];
    private ulong version = 100;
    private ulong revision = 100;

    public EngineRig(EngineOptions? options = null, Random? random = null) =>
        engine = new FleetEngine(options ?? Options, MasterKey.Parse(Convert.ToBase64String(new byte[32])), random ?? new Random(7));

    public static EngineOptions Options { get; } = new() { BackOff = new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8)) };

    public DateTimeOffset Now { get; private set; } = DateTimeOffset.UnixEpoch.AddDays(1);

    public bool HasCaughtUp => engine.HasCaughtUp;

    public FleetProgress Progress => engine.Progress;

    public IReadOnlyCollection<DeploymentKey> Lost => [.. engine.Lost.Keys];

    /// <summary>What is known of one that was lost.</summary>
    public LostDeployment LostAs(DeploymentKey key) => engine.Lost[key];

    public ImmutableArray<DevicePair> PairsOf(string device) => engine.PairsOf(DeviceId.Parse(device));

    public int Waiting => engine.Waiting;

    /// <summary>What people were told so far.</summary>
    public List<FleetNotice> Notices { get; } = [];

    /// <summary>The effects that have not been answered.</summary>
    public List<FleetEffect> Open { get; } = [];

    public bool IsAllTaken { get; private set; }

    /// <summary>The deployment that was last written, as it is stored.</summary>
    public Deployment Stored { get; private set; } = null!;

    /// <summary>The device that was last written, as it is stored.</summary>
    public Device StoredDevice { get; private set; } = null!;

    /// <summary>The device as the engine was last told of it, or told what became of its own write.</summary>
    public Device DeviceOf(string name) => devicesSeen[name];

    /// <summary>The deployment as it was last written.</summary>
    public Deployment? DeploymentOf(string name) => deploymentsWritten.GetValueOrDefault(name);

    /// <summary>Lets time pass, as a loop that turns every few seconds sees it, and things happen.</summary>
    /// <returns>The effects that came of it, as text.</returns>
    public ImmutableArray<string> Step(TimeSpan pass, params IReadOnlyList<FleetEvent> happened)
    {
        var effects = ImmutableArray.CreateBuilder<string>();
        for (; pass > Turn; pass -= Turn)
        {
            effects.AddRange(Wake(Turn, []));
        }

        effects.AddRange(Wake(pass, happened));
        return effects.ToImmutable();
    }

    /// <summary>The loop stood still for so long, and goes on with what happened.</summary>
    public ImmutableArray<string> Wake(TimeSpan pause, IReadOnlyList<FleetEvent> happened, bool isMoreWaiting = false)
    {
        Now += pause;
        var effects = ImmutableArray.CreateBuilder<string>();
        while (true)
        {
            Remember(happened);
            var step = engine.Step(happened, Now, isMoreWaiting);
            Notices.AddRange(step.Notices);
            Open.AddRange(step.Effects.Where(effect => effect.Target != EffectTarget.Process && !IsKnown(effect)));
            IsAllTaken = step.IsAllTaken;
            effects.AddRange(step.Effects.Select(effect => effect.ToString()));
            happened = [.. step.Effects.Where(IsKnown).Select(read => new FleetEvent.Finished(read, new EffectResult.DeviceStored(devicesSeen[((FleetEffect.ReadDevice)read).Id.Value])))];
            if (happened.Count == 0)
            {
                return effects.ToImmutable();
            }
        }
    }

    public ImmutableArray<string> Step(params IReadOnlyList<FleetEvent> happened) => Step(TimeSpan.Zero, happened);

    /// <summary>A term, a link, these resources, and buckets that stand and are empty, which was seen.</summary>
    public void Begin(IEnumerable<Deployment> deployments, IEnumerable<Device> devices)
    {
        Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed(deployments), .. Listed(devices)]);
        Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        Step([.. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);
        Answer<FleetEffect.ListScores>(_ => new EffectResult.ScoresListed([]));
    }

    /// <summary>What an informer tells of these Deployments, which are all.</summary>
    public static IEnumerable<FleetEvent> Listed(IEnumerable<Deployment> all) =>
        [.. all.Select(one => new FleetEvent.DeploymentSeen(one)), new FleetEvent.DeploymentsListed([.. all.Where(one => one is not null).Select(one => (one.Metadata.Namespace, one.Metadata.Name))], [])];

    /// <summary>What an informer tells of these Devices, which are all.</summary>
    public static IEnumerable<FleetEvent> Listed(IEnumerable<Device> all, long answers = 0) =>
        [.. all.Select(one => new FleetEvent.DeviceSeen(one)), new FleetEvent.DevicesListed([.. all.Where(one => one is not null).Select(one => one.Metadata.Name)], [], answers)];

    /// <summary>Answers the open effects of one sort.</summary>
    public ImmutableArray<string> Answer<T>(Func<T, EffectResult> answer)
        where T : FleetEffect
    {
        var answered = Open.OfType<T>().ToArray();
        answered.ShouldNotBeEmpty();
        Open.RemoveAll(effect => effect is T);
        return Step([.. answered.Select(effect => new FleetEvent.Finished(effect, answer(effect)))]);
    }

    /// <summary>Answers all open effects as a store and a bus do in which all goes well, until nothing more is wanted.</summary>
    public List<string> Settle()
    {
        var all = new List<string>();
        for (var round = 0; round < 100 && Open.Count > 0; round++)
        {
            var answered = Open.ToArray();
            Open.Clear();
            var results = answered.Select(effect => (Effect: effect, Result: Well(effect))).ToArray();
            Stored = results.Select(one => one.Result).OfType<EffectResult.DeploymentStored>().LastOrDefault()?.Resource ?? Stored;
            StoredDevice = results.Select(one => one.Result).OfType<EffectResult.DeviceStored>().LastOrDefault()?.Resource ?? StoredDevice;
            all.AddRange(Step([.. results.Select(one => new FleetEvent.Finished(one.Effect, one.Result))]));
        }

        Open.ShouldBeEmpty();
        return all;
    }

    public static Device Device(string name, string group = "a") => new()
    {
        Metadata = new() { Name = name, Uid = "uid-" + name, ResourceVersion = "1", Generation = 1, Finalizers = [ApiGroup.BusFinalizer] },
        Spec = new() { Labels = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("group", group)]) },
    };

    public static Deployment Deployment(string name, string group = "a", string image = "localhost/hello:1", long generation = 1) => new()
    {
        Metadata = new() { Name = name, Namespace = "default", Uid = "uid-" + name, ResourceVersion = $"{generation}", Generation = generation, Finalizers = [ApiGroup.ManifestFinalizer] },
        Spec = new()
        {
            TargetSelector = new() { MatchExpressions = [new() { Key = "group", Operator = "In", Values = [group] }] },
            Score = new() { PodmanV0 = new() { Containers = [new() { Name = "web", Image = image }] } },
        },
    };

    /// <summary>One that no engine has seen yet.</summary>
    public static Deployment Fresh(string name)
    {
        var seen = Deployment(name);
        return seen with { Metadata = seen.Metadata with { Finalizers = [] } };
    }

    public static Deployment Deleting(Deployment deployment) => deployment with
    {
        Metadata = deployment.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch, Generation = deployment.Metadata.Generation + 1, ResourceVersion = "deleting", Finalizers = [ApiGroup.ManifestFinalizer] },
    };

    public static Device Deleting(Device device) => device with
    {
        Metadata = device.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch, Generation = device.Metadata.Generation + 1, ResourceVersion = "deleting" },
    };

    public FleetEvent Beat(string device, long uptime) => new FleetEvent.HeartbeatHeard(
        new Heartbeat { Device = DeviceId.Parse(device), Instance = "run", At = Now, UptimeSeconds = uptime }, Now);

    public FleetEvent Beat(string device, DocumentOrder order, string instance = "run") => new FleetEvent.HeartbeatHeard(
        new Heartbeat { Device = DeviceId.Parse(device), Instance = instance, Boot = order.Boot, Sequence = order.Sequence, At = Now }, Now);

    /// <summary>It holds no manifest, and runs nothing.</summary>
    public FleetEvent Report(string device, DocumentOrder order) => new FleetEvent.ReportHeard(
        new DeviceReport { Device = DeviceId.Parse(device), Instance = $"run-{order.Boot}", Boot = order.Boot, Sequence = order.Sequence, At = Now }, Now);

    public FleetEvent Info(string device, DocumentOrder order, string group) => new FleetEvent.InfoHeard(
        new DeviceInfo
        {
            Device = DeviceId.Parse(device),
            Instance = $"run-{order.Boot}",
            Boot = order.Boot,
            Sequence = order.Sequence,
            CommandNonce = $"nonce-{order}",
            At = Now,
            Labels = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("group", group)]),
        },
        Now);

    // A question for what the engine was told already is answered at once.
    private bool IsKnown(FleetEffect effect) => effect is FleetEffect.ReadDevice read && devicesSeen.ContainsKey(read.Id.Value);

    private void Remember(IReadOnlyList<FleetEvent> happened)
    {
        foreach (var written in happened.OfType<FleetEvent.Finished>().Select(one => one.Result).OfType<EffectResult.DeploymentStored>())
        {
            deploymentsWritten[written.Resource.Metadata.Name] = written.Resource;
        }

        foreach (var device in happened.SelectMany(one => one switch
        {
            FleetEvent.DeviceSeen told => [told.Resource],
            FleetEvent.Finished { Result: EffectResult.DeviceStored stored } => [stored.Resource],
            _ => ImmutableArray<Device>.Empty,
        }))
        {
            if (device is not null)
            {
                devicesSeen[device.Metadata.Name] = device;
            }
        }
    }

    private EffectResult Well(FleetEffect effect) => effect switch
    {
        FleetEffect.PutScore put when scores.Add(put.Address) => new EffectResult.Done(),
        FleetEffect.ListScores => new EffectResult.ScoresListed([.. scores]),
        FleetEffect.PutManifest put => new EffectResult.ManifestPut(new StoredManifest(++revision, put.Step.Digest, put.Step.Generation), IsWritten: true, []),
        FleetEffect.PatchFinalizers patch => new EffectResult.DeploymentStored(Next(patch.Resource)),
        FleetEffect.PatchDeploymentStatus patch => new EffectResult.DeploymentStored(Next(patch.Resource)),
        FleetEffect.CreateDevice create => new EffectResult.DeviceStored(Next(create.Resource)),
        FleetEffect.UpdateDevice update => new EffectResult.DeviceStored(Next(update.Resource)),
        FleetEffect.PatchDeviceFinalizers patch => new EffectResult.DeviceStored(Next(patch.Resource)),
        FleetEffect.PatchDeviceStatus patch => new EffectResult.DeviceStored(Next(patch.Resource)),
        FleetEffect.EnsureBuckets => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere),
        FleetEffect.FindRemoved => new EffectResult.RemovedFound([]),
        _ => new EffectResult.Done(),
    };

    private Deployment Next(Deployment resource) => resource with { Metadata = resource.Metadata with { ResourceVersion = VersionAfter(resource.Metadata) } };

    private Device Next(Device resource) =>
        resource with { Metadata = resource.Metadata with { ResourceVersion = VersionAfter(resource.Metadata), Uid = resource.Metadata.Uid ?? "uid-" + resource.Metadata.Name } };

    // A store gives rising versions.
    private string VersionAfter(ObjectMeta metadata) =>
        $"{version = Math.Max(version, ulong.TryParse(metadata.ResourceVersion, out var present) ? present : 0) + 1}";
}
