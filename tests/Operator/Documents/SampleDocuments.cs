using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Tests.Operator.Documents;

/// <summary>Documents of one device as they are written, of all sorts.</summary>
internal sealed class SampleDocuments(Random random)
{
    public static readonly DeviceId Device = DeviceId.Parse("pi-1");

    private static readonly DateTimeOffset Start = new(2026, 11, 27, 9, 0, 0, TimeSpan.Zero);

    public byte[] Report() => JsonSerializer.SerializeToUtf8Bytes(
        new DeviceReport
        {
            Device = Device,
            Instance = Text(),
            Boot = random.Next(2) * random.NextInt64(),
            Sequence = random.NextInt64(),
            At = Time(),
            ManifestGeneration = Maybe() ? new Generation(random.NextInt64(), random.Next()) : null,
            ManifestDigest = Maybe() ? Digest() : null,
            Deployments = [.. Enumerable.Range(0, random.Next(6)).Select(_ => Deployment())],
        },
        ContractsJson.Bus.DeviceReport);

    public byte[] Info() => JsonSerializer.SerializeToUtf8Bytes(
        new DeviceInfo
        {
            Device = Device,
            Instance = Text(),
            Boot = random.Next(2) * random.NextInt64(),
            Sequence = random.Next(3),
            CommandNonce = Text(),
            At = Time(),
            AgentVersion = "1.2.3",
            Capabilities = [.. Enumerable.Range(0, random.Next(4)).Select(number => $"command/{number}")],
            Labels = Enumerable.Range(0, random.Next(5)).ToImmutableSortedDictionary(number => $"label-{number}", _ => Text()),
            Inventory = new()
            {
                Hostname = Maybe() ? "pi" : "gerät", Architecture = "arm64", Model = Text(), OperatingSystem = Text(), Kernel = Text(), MemoryBytes = random.NextInt64(), Cpus = random.Next(9), PodmanVersion = Text(),
            },
            HealthFlags = Maybe() ? [] : ["PodmanUnavailable"],
        },
        ContractsJson.Bus.DeviceInfo);

    public byte[] Beat() => JsonSerializer.SerializeToUtf8Bytes(
        new Heartbeat { Device = Device, Instance = Text(), Boot = random.Next(3), Sequence = random.Next(3), At = Time(), UptimeSeconds = random.NextInt64(), Load = Maybe() ? random.NextDouble() : random.Next(9) },
        ContractsJson.Bus.Heartbeat);

    public byte[] Manifest() => JsonSerializer.SerializeToUtf8Bytes(
        new DeviceManifest { Device = Device, Generation = new(random.Next(9), random.Next(9)), Entries = [.. Enumerable.Range(0, random.Next(6)).Select(_ => Entry())] }, ContractsJson.Bus.DeviceManifest);

    private DeploymentReport Deployment() => new()
    {
        Namespace = NamespaceName.Parse("default"),
        Name = DeploymentName.Parse($"web-{random.Next(1_000)}"),
        Uid = Text(),
        ScoreDigest = Digest(),
        Phase = (Phase)random.Next(8),
        Completed = Maybe(),
        Since = Time(),
        Containers = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Container())],
        LastError = Maybe() ? null : $"It said \"no\" {Text()} \u00e4\u20ac\n",
    };

    private ContainerReport Container() => new()
    {
        Name = "web", Id = Digest().Value, State = "running", Restarts = random.Next(4), StartedAt = Maybe() ? Time() : null, ExitCode = Maybe() ? random.Next(-1, 256) : null,
    };

    private ManifestEntry Entry()
    {
        var key = new byte[32];
        random.NextBytes(key);
        return new()
        {
            Namespace = NamespaceName.Parse("default"), Name = DeploymentName.Parse($"web-{random.Next(1_000)}"), Uid = Text(), ScoreDigest = Digest(), Address = Digest(), Key = key,
        };
    }

    private bool Maybe() => random.Next(2) == 0;

    private string Text() => new('x', 1 + random.Next(80));

    private Digest Digest() => Harmony.Fleet.Contracts.Names.Digest.Of(BitConverter.GetBytes(random.Next(50)));

    private DateTimeOffset Time() => Start.AddMilliseconds(random.NextInt64(100_000_000));
}
