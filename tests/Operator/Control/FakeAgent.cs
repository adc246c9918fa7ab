using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>What an agent puts, with its own keys, and the gate through which it takes manifests.</summary>
internal sealed class FakeAgent(IBus bus, string name, MasterKey master, string instance = "one")
{
    private static int clock;
    private static long boots;
    private readonly long boot = Interlocked.Increment(ref boots);
    private long sequence;
    private Phase said = Phase.Pulling;

    public DeviceId Id { get; } = DeviceId.Parse(name);

    public DeviceKeys Keys { get; } = master.DeviceKeys(DeviceId.Parse(name), 1);

    public ManifestFloor? Held { get; private set; }

    public ImmutableArray<ManifestEntry> Entries { get; private set; } = [];

    /// <summary>What it refused, in order.</summary>
    public List<RefusalReason> Refused { get; } = [];

    /// <summary>What is not well on the device.</summary>
    public ImmutableArray<string> HealthFlags { get; set; } = [];

    /// <summary>Says who it is and what stands on it, as an agent does that connects.</summary>
    public async Task SayHelloAsync(params (string Key, string Value)[] labels)
    {
        await PutAsync(BucketNames.DeviceInfo, MessageKinds.Info, ContractsJson.Bus.DeviceInfo, new DeviceInfo
        {
            Device = Id,
            Instance = instance,
            Boot = boot,
            Sequence = ++sequence,
            CommandNonce = $"nonce-of-{Id}",
            At = Now(),
            AgentVersion = "0.1.0",
            HealthFlags = HealthFlags,
            Labels = labels.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value),
            Inventory = new() { Hostname = name, Architecture = "arm64" },
        });
        await ReportAsync(said);
        await BeatAsync();
    }

    public Task BeatAsync(string? other = null, DateTimeOffset? at = null) => BeatAsync(Beat(other, at));

    public Task BeatAsync(Heartbeat beat) => PutAsync(BucketNames.DeviceHeartbeat, MessageKinds.Heartbeat, ContractsJson.Bus.Heartbeat, beat);

    public Heartbeat Beat(string? other = null, DateTimeOffset? at = null) =>
        new() { Device = Id, Instance = other ?? instance, Boot = boot, Sequence = ++sequence, At = at ?? Now() };

    /// <summary>Reads its manifest, and takes or refuses it as agents do.</summary>
    public async Task<ManifestVerdict?> LookAsync()
    {
        if (await bus.Bucket(BucketNames.DesiredState).GetAsync(Id.Value, default) is not GetOutcome.Found found)
        {
            return null;
        }

        var verdict = new ManifestGate(Id, Keys).Judge(Held, found.Entry.Value.Span, found.Entry.Headers.Mac);
        switch (verdict)
        {
            case ManifestVerdict.Accepted accepted:
                (Held, Entries) = (new ManifestFloor(accepted.Mark, IsHeld: true), accepted.Manifest.Entries);
                break;
            case ManifestVerdict.Refused refused:
                Refused.Add(refused.Reason);
                break;
        }

        return verdict;
    }

    /// <summary>Waits for a manifest that names these deployments, and takes it.</summary>
    public Task TakeAsync(params string[] names) => Eventually.HoldsAsync(
        async () =>
        {
            await LookAsync();
            return Held is not null && Entries.Select(entry => entry.Name.Value).SequenceEqual(names);
        },
        $"{Id} takes a manifest that names {string.Join(", ", names)}",
        TimeSpan.FromSeconds(20));

    /// <summary>Says that all that it holds is in this phase.</summary>
    public Task ReportAsync(Phase phase, string? error = null, Refusal? refusal = null, DeviceKeys? keys = null) => PutAsync(
        BucketNames.DeviceState, MessageKinds.Report, ContractsJson.Bus.DeviceReport, Report(phase, error, refusal), keys);

    /// <summary>Says that it runs these, by a manifest that nobody else knows.</summary>
    public Task ClaimAsync(params (string Name, string Uid)[] claims) => PutAsync(BucketNames.DeviceState, MessageKinds.Report, ContractsJson.Bus.DeviceReport, Said(said, null, null) with
    {
        ManifestGeneration = new Generation(50, 1),
        ManifestDigest = Digest.Of("nobody knows it"u8),
        Deployments =
        [
            .. claims.Select(claim => new DeploymentReport
            {
                Namespace = NamespaceName.Parse("default"), Name = DeploymentName.Parse(claim.Name), Uid = claim.Uid, ScoreDigest = Digest.Of("score"u8), Phase = Phase.Running, Since = Now(),
            }),
        ],
    });

    public DeviceReport Report(Phase phase, string? error, Refusal? refusal) => Said(said = phase, error, refusal);

    private DeviceReport Said(Phase phase, string? error, Refusal? refusal) => new()
    {
        Device = Id,
        Instance = instance,
        Boot = boot,
        Sequence = ++sequence,
        At = Now(),
        ManifestGeneration = Held?.Mark.Generation,
        ManifestDigest = Held?.Mark.Digest,
        Refusal = refusal,
        Deployments =
        [
            .. Entries.Select(entry => new DeploymentReport
            {
                Namespace = entry.Namespace, Name = entry.Name, Uid = entry.Uid, ScoreDigest = entry.ScoreDigest, Phase = phase, Since = Now(), LastError = error,
            }),
        ],
    };

    public async Task PutAsync<T>(string bucket, string kind, JsonTypeInfo<T> type, T document, DeviceKeys? keys = null)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(document, type);
        var mac = MessageMac.Sign((keys ?? Keys).Up, 1, kind, Id, payload);
        await Eventually.HoldsAsync(async () => await bus.Bucket(bucket).PutAsync(Id.Value, payload, new BusHeaders(mac), default) is PutOutcome.Stored, $"{Id} puts into {bucket}");
    }

    // Two heartbeats are never of the same moment.
    private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow().AddMilliseconds(Interlocked.Increment(ref clock) % 1000 / 1000.0);
}
