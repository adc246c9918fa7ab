using System.Collections.Immutable;
using System.Globalization;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Bench.Engine;

/// <summary>Devices in groups, each of which has ten Deployments of its own. What events hold is made anew each time, as a parser does.</summary>
internal sealed class EngineFleet(int devices, int deployments, World world)
{
    private const int DeploymentsEach = 10;
    private readonly Digest[] digests =
        [.. Enumerable.Range(0, deployments).Select(number => ScoreSealer.Seal(MasterKey.Parse(Convert.ToBase64String(new byte[32])), CanonicalScore.ToBytes(Score())).ScoreDigest)];

    private long sequence;

    public long Pairs => (long)devices * DeploymentsEach;

    private int Groups => deployments / DeploymentsEach;

    public IEnumerable<FleetEvent> Listed()
    {
        yield return new FleetEvent.TermBegan(3);
        yield return new FleetEvent.LinkChanged(IsUp: true, 1);
        for (var number = 0; number < deployments; number++)
        {
            yield return new FleetEvent.DeploymentSeen(Deployment(number));
        }

        yield return new FleetEvent.DeploymentsListed([.. Enumerable.Range(0, deployments).Select(number => ("default", Name(number)))], []);
        for (var number = 0; number < devices; number++)
        {
            yield return new FleetEvent.DeviceSeen(world.Store(Device(number)));
        }

        yield return new FleetEvent.DevicesListed([.. Enumerable.Range(0, devices).Select(number => Id(number).Value)], [], 0);
    }

    public static IEnumerable<FleetEvent> CaughtUp() => Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket));

    public IEnumerable<FleetEvent> Beats() => Enumerable.Range(0, devices).Select(number =>
        new FleetEvent.HeartbeatHeard(new Heartbeat { Device = Id(number), Instance = Instance(number), At = world.Now, UptimeSeconds = 1, Boot = 1, Sequence = ++sequence }, world.Now));

    public IEnumerable<FleetEvent> Reports(Phase phase) => Enumerable.Range(0, devices).Select(number => Report(number, phase));

    public IEnumerable<FleetEvent> Infos() => Enumerable.Range(0, devices).Select(number => new FleetEvent.InfoHeard(
        new DeviceInfo
        {
            Device = Id(number), Instance = Instance(number), Boot = 1, Sequence = ++sequence, At = world.Now, CommandNonce = Instance(number), AgentVersion = new string("0.1.0".AsSpan()),
            Labels = One("group", $"group-{number % Groups}"), Inventory = Made(number),
        },
        world.Now));

    /// <summary>One Deployment that is meant for every device.</summary>
    public IEnumerable<FleetEvent> ForAll(int round, int image, bool isDeleted = false)
    {
        var all = Deployment(deployments + round);
        yield return new FleetEvent.DeploymentSeen(all with
        {
            Metadata = all.Metadata with { Generation = isDeleted ? image + 1 : image, ResourceVersion = $"{image}-{isDeleted}", DeletionTimestamp = isDeleted ? world.Now : null },
            Spec = new() { TargetSelector = new(), Score = Score(image) },
        });
    }

    private FleetEvent.ReportHeard Report(int number, Phase phase)
    {
        var first = number % Groups * DeploymentsEach;
        var (generation, digest) = world.ManifestOf(number);
        return new FleetEvent.ReportHeard(
            new DeviceReport
            {
                Device = Id(number),
                Instance = Instance(number),
                Boot = 1,
                Sequence = ++sequence,
                At = world.Now,
                ManifestGeneration = generation,
                ManifestDigest = digest,
                Deployments = [.. Enumerable.Range(first, DeploymentsEach).Select(deployment => Of(deployment, phase))],
            },
            world.Now);
    }

    private DeploymentReport Of(int deployment, Phase phase) => new()
    {
        Namespace = NamespaceName.Parse("default"),
        Name = DeploymentName.Parse(Name(deployment)),
        Uid = Uid(deployment),
        ScoreDigest = Digest.Parse(new string(digests[deployment].Value)),
        Phase = phase,
        Since = world.Now,
    };

    private static Deployment Deployment(int number) => new()
    {
        Metadata = new()
        {
            Name = Name(number), Namespace = "default", Uid = Uid(number), ResourceVersion = "1", Generation = 1, Finalizers = [ApiGroup.ManifestFinalizer],
            CreationTimestamp = DateTimeOffset.UnixEpoch.AddSeconds(number),
        },
        Spec = new() { TargetSelector = new() { MatchLabels = One("group", $"group-{number / DeploymentsEach}") }, Score = Score() },
    };

    private Device Device(int number) => new()
    {
        Metadata = new()
        {
            Name = Id(number).Value, Uid = Uid(number), ResourceVersion = "1", Generation = 1, Finalizers = [ApiGroup.BusFinalizer], CreationTimestamp = DateTimeOffset.UnixEpoch,
            Labels = One("group", $"group-{number % Groups}").Add("device-id", Id(number).Value),
        },
        Spec = new() { Inventory = Made(number) },
        Status = new() { ReportedLabels = One("group", $"group-{number % Groups}"), AgentVersion = "0.1.0" },
    };

    private static Inventory Made(int number) => new() { Hostname = Id(number).Value, Architecture = "arm64", Model = "Raspberry Pi 4", MemoryBytes = 4L << 30, Cpus = 4 };

    private static ImmutableSortedDictionary<string, string> One(string key, string value) => ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create(key, value)]);

    private static Contracts.Scores.ReconcileScore Score(int image = 1) => new() { PodmanV0 = new() { Containers = [new() { Name = "web", Image = $"localhost/hello:{image}" }] } };

    private static DeviceId Id(int number) => DeviceId.Parse(string.Create(CultureInfo.InvariantCulture, $"pi-{number:D7}"));

    private static string Instance(int number) => string.Create(CultureInfo.InvariantCulture, $"run-of-{number:D15}");

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"app-{number}");

    private static string Uid(int number) => string.Create(CultureInfo.InvariantCulture, $"00000000-0000-0000-0000-{number:D12}");
}
