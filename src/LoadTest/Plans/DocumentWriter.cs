using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.LoadTest.Plans;

/// <summary>
/// Makes the documents of devices as the agent makes them, with their MACs. What a report says of one Deployment in one phase is made once: whoever writes
/// must not take the processor from whom is measured.
/// </summary>
internal sealed class DocumentWriter
{
    private const int Epoch = 1;
    private static readonly Phase[] Phases = [Phase.Pulling, Phase.Running, Phase.Failed];

    private readonly LoadPlan plan;
    private readonly TimeProvider time;
    private readonly long boot;
    private readonly byte[][] keys;
    private readonly long[] sequences;
    private readonly (Generation Generation, Digest Digest)?[] held;
    private readonly Dictionary<Phase, byte[]>[] parts;

    /// <summary>For the devices of a plan.</summary>
    /// <param name="plan">It.</param>
    /// <param name="identities">What each Deployment is known by, by number.</param>
    /// <param name="master">The control plane's secret, from which the devices' keys come.</param>
    /// <param name="time">The clock.</param>
    public DocumentWriter(LoadPlan plan, (string Uid, Digest ScoreDigest)[] identities, MasterKey master, TimeProvider time)
    {
        (this.plan, this.time) = (plan, time);
        boot = time.GetUtcNow().ToUnixTimeSeconds(); // More than any load test of the same fleet before.
        keys = [.. Enumerable.Range(0, plan.Devices).Select(device => master.DeviceKeys(LoadPlan.Device(device), Epoch).Up)];
        sequences = new long[plan.Devices];
        held = new (Generation Generation, Digest Digest)?[plan.Devices];
        parts = [.. identities.Select((identity, number) => Phases.ToDictionary(phase => phase, phase => Part(number, identity, phase)))];
    }

    /// <summary>A device holds a manifest from now on.</summary>
    public void Hold(int device, Generation generation, Digest digest)
    {
        lock (held)
        {
            held[device] = (generation, digest);
        }
    }

    /// <summary>What a device says of itself.</summary>
    public byte[] Info(int device) => JsonSerializer.SerializeToUtf8Bytes(
        new DeviceInfo
        {
            Device = LoadPlan.Device(device),
            Instance = Instance(device),
            CommandNonce = Instance(device),
            Boot = boot,
            Sequence = Next(device),
            At = time.GetUtcNow(),
            AgentVersion = "0.1.0",
            Labels = plan.LabelsOf(device),
            Inventory = new() { Hostname = LoadPlan.Device(device).Value, Architecture = "arm64", Model = "load test", MemoryBytes = 4L << 30, Cpus = 4 },
        },
        ContractsJson.Bus.DeviceInfo);

    /// <summary>A sign of life.</summary>
    public byte[] Beat(int device) => JsonSerializer.SerializeToUtf8Bytes(
        new Heartbeat { Device = LoadPlan.Device(device), Instance = Instance(device), Boot = boot, Sequence = Next(device), At = time.GetUtcNow(), UptimeSeconds = 60 }, ContractsJson.Bus.Heartbeat);

    /// <summary>That nothing stands on a device, by the manifest that it holds.</summary>
    public byte[] Nothing(int device)
    {
        var holds = HeldBy(device);
        return JsonSerializer.SerializeToUtf8Bytes(
            new DeviceReport
            {
                Device = LoadPlan.Device(device),
                Instance = Instance(device),
                Boot = boot,
                Sequence = Next(device),
                At = time.GetUtcNow(),
                ManifestGeneration = holds?.Generation,
                ManifestDigest = holds?.Digest,
            },
            ContractsJson.Bus.DeviceReport);
    }

    /// <summary>What stands on a device.</summary>
    public byte[] Report(int device, ReadOnlySpan<Phase> phases)
    {
        var whole = Nothing(device);
        var (at, numbers) = (whole.AsSpan().IndexOf("\"deployments\":["u8) + "\"deployments\":[".Length, plan.DeploymentsOf(device));
        var length = whole.Length + Math.Max(0, numbers.Length - 1);
        for (var index = 0; index < numbers.Length; index++)
        {
            length += parts[numbers[index]][phases[index]].Length;
        }

        var report = new byte[length];
        var rest = report.AsSpan();
        Append(ref rest, whole.AsSpan(0, at));
        for (var index = 0; index < numbers.Length; index++)
        {
            Append(ref rest, index == 0 ? [] : ","u8);
            Append(ref rest, parts[numbers[index]][phases[index]]);
        }

        Append(ref rest, whole.AsSpan(at));
        return report;
    }

    /// <summary>The MAC of a device's document.</summary>
    /// <param name="device">Whose.</param>
    /// <param name="kind">One of <see cref="MessageKinds"/>.</param>
    /// <param name="document">The bytes.</param>
    public string Sign(int device, string kind, byte[] document) => MessageMac.Sign(keys[device], Epoch, kind, LoadPlan.Device(device), document);

    private static void Append(ref Span<byte> rest, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(rest);
        rest = rest[bytes.Length..];
    }

    private long Next(int device) => Interlocked.Increment(ref sequences[device]);

    private (Generation Generation, Digest Digest)? HeldBy(int device)
    {
        lock (held)
        {
            return held[device];
        }
    }

    private static string Instance(int device) => $"{LoadPlan.Device(device)}-of-a-load-test";

    private byte[] Part(int number, (string Uid, Digest ScoreDigest) identity, Phase phase) => JsonSerializer.SerializeToUtf8Bytes(
        new DeploymentReport
        {
            Namespace = NamespaceName.Parse("default"),
            Name = LoadPlan.Name(number),
            Uid = identity.Uid,
            ScoreDigest = identity.ScoreDigest,
            Phase = phase,
            Since = time.GetUtcNow(),
            Containers = phase == Phase.Pulling ? [] : [new() { Name = "web", Id = identity.ScoreDigest.Value, State = phase == Phase.Running ? "running" : "exited", StartedAt = time.GetUtcNow() }],
            LastError = phase == Phase.Failed ? "The container web ended with exit code 1." : null,
        },
        ContractsJson.Bus.DeploymentReport);
}
