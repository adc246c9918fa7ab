using System.Text;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness.Bus;

namespace Harmony.Fleet.Tests.Agent.Rigs;

/// <summary>The operator's side of the bus: seals scores, signs manifests, reads what the device says.</summary>
internal sealed class ControlPlane(IBus bus, IBusAdmin admin)
{
    public static readonly DeviceId Device = DeviceId.Parse("pi-1");
    public static readonly MasterKey Master = MasterKey.Parse(Convert.ToBase64String(Enumerable.Range(0, 32).Select(number => (byte)number).ToArray()));
    public static readonly DeviceKeys Keys = Master.DeviceKeys(Device, 1);

    private (string Name, byte[] Score)[] wanted = [];
    private long counter;

    public async Task EnsureBucketsAsync()
    {
        foreach (var name in new[] { BucketNames.DeviceInfo, BucketNames.DeviceState, BucketNames.DeviceHeartbeat, BucketNames.Scores, BucketNames.DesiredState })
        {
            var prefix = name == BucketNames.DesiredState ? Subjects.LiveDesiredPrefix : null;
            (await admin.EnsureBucketAsync(new BucketSettings { Name = name, RepublishPrefix = prefix }, default)).ShouldNotBeOfType<EnsureBucketOutcome.Unavailable>();
        }
    }

    /// <summary>Where a container's name, image and the rest make a whole score.</summary>
    public static byte[] Score(params Container[] containers) =>
        CanonicalScore.ToBytes(new ReconcileScore { PodmanV0 = new PodmanV0Score { Containers = [.. containers] } });

    public static Container Container(string name = "app", string image = "app:1", int? port = null) => new()
    {
        Name = name,
        Image = image,
        Env = [new EnvVar { Name = "MODE", Value = "test" }],
        Ports = port is { } number ? [new ContainerPort { Port = 8080, HostPort = number }] : [],
        VolumeMounts = [new VolumeMount { Volume = "data", MountPath = "/data" }],
    };

    /// <summary>An entry, and its sealed score.</summary>
    public static (ManifestEntry Entry, SealedScore Sealed) Entry(string name, byte[] score, string uid = "uid-1")
    {
        var sealedScore = ScoreSealer.Seal(Master, score);
        return (new ManifestEntry
        {
            Namespace = NamespaceName.Parse("acme"),
            Name = DeploymentName.Parse(name),
            Uid = uid,
            ScoreDigest = sealedScore.ScoreDigest,
            Address = sealedScore.Address,
            Key = sealedScore.Key,
        }, sealedScore);
    }

    public static string Mac(ReadOnlySpan<byte> manifest) => MessageMac.Sign(Keys.Down, Keys.Epoch, MessageKinds.Manifest, Device, manifest);

    /// <summary>Wants these deployments on the device: scores first, then a newer manifest.</summary>
    public async Task<Generation> WantAsync(params (string Name, byte[] Score)[] deployments)
    {
        foreach (var (name, score) in deployments)
        {
            await PutScoreAsync(Entry(name, score).Sealed);
        }

        return await WantUnscoredAsync(deployments);
    }

    /// <summary>A newer manifest whose scores are not put.</summary>
    public async Task<Generation> WantUnscoredAsync(params (string Name, byte[] Score)[] deployments)
    {
        wanted = deployments;
        var manifest = Manifest(new Generation(1, ++counter), deployments);
        await PutManifestAsync(manifest, Mac(manifest));
        return new Generation(1, counter);
    }

    public static byte[] Manifest(Generation generation, params (string Name, byte[] Score)[] deployments) => JsonSerializer.SerializeToUtf8Bytes(
        new DeviceManifest { Device = Device, Generation = generation, Entries = [.. deployments.Select(item => Entry(item.Name, item.Score).Entry)] },
        ContractsJson.Bus.DeviceManifest);

    public async Task PutManifestAsync(byte[] manifest, string? mac) =>
        (await bus.Bucket(BucketNames.DesiredState).PutAsync(Device.Value, manifest, new BusHeaders(mac), default)).ShouldBeOfType<PutOutcome.Stored>();

    public async Task PutScoreAsync(SealedScore score) =>
        (await bus.Bucket(BucketNames.Scores).PutAsync(score.Address.Value, score.Ciphertext, BusHeaders.None, default)).ShouldBeOfType<PutOutcome.Stored>();

    /// <summary>Whether <paramref name="report"/> says that all that was wanted last runs, and nothing else: by uid and digest (design D15).</summary>
    public bool HasSucceeded(DeviceReport report, Generation generation)
    {
        var entries = wanted.Select(item => Entry(item.Name, item.Score).Entry).Select(entry => (entry.Name, entry.Uid, entry.ScoreDigest)).ToHashSet();
        return report.ManifestGeneration == generation
            && report.Deployments.All(item => item.Phase == Phase.Running)
            && entries.SetEquals(report.Deployments.Select(item => (item.Name, item.Uid, item.ScoreDigest)));
    }

    /// <summary>The device's last report; null when there is none. Its MAC was found right.</summary>
    public async Task<DeviceReport?> ReportAsync() => await ReadAsync(BucketNames.DeviceState, MessageKinds.Report) is { } bytes
        ? JsonSerializer.Deserialize(bytes, ContractsJson.Bus.DeviceReport)
        : null;

    /// <summary>The device's last info; null when there is none. Its MAC was found right.</summary>
    public async Task<DeviceInfo?> InfoAsync() => await ReadAsync(BucketNames.DeviceInfo, MessageKinds.Info) is { } bytes
        ? JsonSerializer.Deserialize(bytes, ContractsJson.Bus.DeviceInfo)
        : null;

    /// <summary>The device's last sign of life; null when there is none. Its MAC was found right.</summary>
    public async Task<Heartbeat?> HeartbeatAsync() => await ReadAsync(BucketNames.DeviceHeartbeat, MessageKinds.Heartbeat) is { } bytes
        ? JsonSerializer.Deserialize(bytes, ContractsJson.Bus.Heartbeat)
        : null;

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private async Task<byte[]?> ReadAsync(string bucket, string kind)
    {
        if (await bus.Bucket(bucket).GetAsync(Device.Value, default) is not GetOutcome.Found { Entry: var entry })
        {
            return null;
        }

        MessageMac.Verify(Keys.Up, Keys.Epoch, kind, Device, entry.Value.Span, entry.Headers.Mac).ShouldBeTrue();
        return entry.Value.ToArray();
    }
}
