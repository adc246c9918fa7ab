using System.Collections.Immutable;
using System.Text;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>A fleet of devices that have the Deployment web, of which the store, the bus or the operator is lost.</summary>
public abstract class LossScenario
{
    private protected static DeploymentKey Web { get; } = new(NamespaceName.Parse("default"), DeploymentName.Parse("web"));
    private protected EngineRig Rig { get; set; } = new();
    private int versions;

    private protected static Deployment Aged(Deployment deployment, int minutes) =>
        deployment with { Metadata = deployment.Metadata with { CreationTimestamp = DateTimeOffset.UnixEpoch.AddMinutes(minutes) } };

    private protected void Begin(int devices)
    {
        Rig.Begin([Deployment("web")], [.. Names(devices).Select(name => Device(name))]);
        Settle();
    }

    private protected void BeginUnreadable(int devices)
    {
        Rig.Step([
            new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), new FleetEvent.DeploymentsListed([], [("default", "web")]),
            .. Listed(Names(devices).Select(name => Spoken(name))), .. Names(devices).Select(name => Holds(name, 2, new Generation(2, 5), Present()))]);
        Rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        Rig.Step(CaughtUp());
        Settle();
    }

    private protected void Restart(DateTimeOffset at, Deployment[] deployments, Device[] devices, FleetEvent[] seen, bool isSettled = true)
    {
        Rig = new EngineRig();
        if (at > Rig.Now)
        {
            Rig.Wake(at - Rig.Now, []);
        }

        Rig.Step([new FleetEvent.TermBegan(4), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed(deployments), .. Listed(devices)]);
        Rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        Rig.Step([.. seen, .. CaughtUp()]);
        if (isSettled)
        {
            Settle();
        }
    }

    private protected void Relabel(int first, int count)
    {
        Rig.Step([.. Enumerable.Range(first, count).Select(number => new FleetEvent.DeviceSeen(Relabelled(number)))]);
        Settle();
    }

    private protected void Settle()
    {
        Rig.Settle();
        Rig.Step(TimeSpan.FromSeconds(2));
        Rig.Settle();
        Rig.Step(TimeSpan.FromSeconds(2));
        Rig.Settle();
    }

    private protected Deployment WithApproval(Deployment present, string value) => Later(present) with
    {
        Metadata = Later(present).Metadata with { Annotations = present.Metadata.Annotations.SetItem(ApiGroup.ApproveRemovalAnnotation, value) },
    };

    private protected Deployment Later(Deployment present) => present with { Metadata = present.Metadata with { ResourceVersion = $"{++versions * 1_000_000}" } };

    private protected static FleetEvent[] CaughtUp() => [.. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))];

    private protected static string Name(int number) => $"pi-{number:00}";

    private protected static int Number(DeviceId device) => int.Parse(device.Value[3..], System.Globalization.CultureInfo.InvariantCulture);

    private protected static IEnumerable<string> Names(int count) => Enumerable.Range(1, count).Select(Name);

    private protected static Deployment Moved(string image = "localhost/hello:1") => Deployment("web", "nowhere", image, 2);

    private protected static Device Spoken(string name) => Device(name) with { Status = new() { Taken = new(5, 1, 1) } };

    private protected static Device Relabelled(int number)
    {
        var device = Device(Name(number), "other");
        return device with { Metadata = device.Metadata with { ResourceVersion = "90000" } };
    }

    private protected static ManifestEntry Present(string name = "web", string group = "a", string image = "localhost/hello:1")
    {
        var before = new EngineRig();
        before.Begin([Deployment(name, group, image)], [Device("pi-01", group)]);
        before.Settle();
        return Read(before.Notices.OfType<FleetNotice.ManifestStored>().Single())[0];
    }

    private protected static ImmutableArray<ManifestEntry> Read(FleetNotice.ManifestStored put) => System.Text.Json.JsonSerializer.Deserialize(put.Step.Bytes, ContractsJson.Bus.DeviceManifest)!.Entries;

    private protected ImmutableArray<ManifestEntry> Entries(string device) => Read(Newest().Single(put => put.Device.Value == device));

    private protected FleetEvent Holds(string device, long sequence, Generation generation, ManifestEntry runs) => Says(device, sequence, generation, runs);

    private protected FleetEvent Nothing(string device, long sequence, Generation generation) => Says(device, sequence, generation);

    private protected FleetEvent Says(string device, long sequence, Generation generation, params ManifestEntry[] runs) => new FleetEvent.ReportHeard(
        new DeviceReport
        {
            Device = DeviceId.Parse(device),
            Instance = "run",
            Boot = 5,
            Sequence = sequence,
            At = Rig.Now,
            ManifestGeneration = generation,
            ManifestDigest = generation == new Generation(2, 4) && runs.Length > 0 ? Seen(device, runs[0]).Stored.Digest : Digest.Of("newer"u8),
            Deployments = [.. runs.Select(entry => new DeploymentReport { Namespace = entry.Namespace, Name = entry.Name, Uid = entry.Uid, ScoreDigest = entry.ScoreDigest, Phase = Phase.Running, Since = Rig.Now })],
        },
        Rig.Now);

    private protected static FleetEvent.ManifestSeen Seen(string device, ManifestEntry entry, long term = 2)
    {
        var (id, generation) = (DeviceId.Parse(device), new Generation(term, 4));
        return new(id, new StoredManifest(7, Digest.Of(ManifestDocument.Write(id, generation, [entry])), generation), [entry]);
    }

    /// <summary>The devices whose newest manifest does not name it.</summary>
    private protected IEnumerable<DeviceId> Without() => Newest().Where(put => !Encoding.UTF8.GetString(put.Step.Bytes).Contains("uid-web", StringComparison.Ordinal)).Select(put => put.Device);

    private protected IEnumerable<FleetNotice.ManifestStored> Newest() => Rig.Notices.OfType<FleetNotice.ManifestStored>().GroupBy(put => put.Device).Select(puts => puts.Last());

    private protected Condition? Condition() => Rig.DeploymentOf("web")?.Status?.Conditions.Of(ConditionTypes.RemovalHeld);
}
