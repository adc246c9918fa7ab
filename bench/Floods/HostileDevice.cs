using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Bench.Load;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Deploy.NatsServers;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Bench.Floods;

/// <summary>A device with a login and keys of its own, and two Deployments: one by its id, one by a label that it reports at times.</summary>
internal sealed class HostileDevice : IAsyncDisposable
{
    public static readonly DeviceId Id = DeviceId.Parse("flood");
    private const string ById = "flood-by-id";
    private const string ByMood = "flood-by-mood";

    private readonly NatsBus bus;
    private readonly HostileDocuments documents;
    private long sent;
    private long held;

    private HostileDevice(NatsBus bus, HostileDocuments documents) => (this.bus, this.documents) = (bus, documents);

    public long Sent => Interlocked.Read(ref sent);

    /// <summary>Those for which the connection had no room when their time came.</summary>
    public long Held => Interlocked.Read(ref held);

    public static async Task<HostileDevice> JoinAsync(LoadedStack stack, int bytes, CancellationToken cancellationToken)
    {
        var stored = await stack.Api.PutAsync(Deployment(ById, ApiGroup.DeviceIdLabel, Id.Value), cancellationToken);
        await stack.Api.PutAsync(Deployment(ByMood, "mood", "wild"), cancellationToken);
        var runs = new DeploymentReport
        {
            Namespace = NamespaceName.Parse("default"),
            Name = DeploymentName.Parse(ById),
            Uid = stored.Metadata.Uid!,
            ScoreDigest = ScoreSealer.Seal(stack.Reached.Master, CanonicalScore.ToBytes(stored.Spec.Score)).ScoreDigest,
            Phase = Phase.Running,
        };
        var options = NatsOptions.For(stack.Reached.NatsUrl) with
        {
            Login = new NatsLogin.NKey(NKeyPair.ParseSeed(stack.SeedOf(Id))),
            InboxPrefix = DeviceRights.InboxPrefix(Id),
            BufferBytes = 1 << 20,
        };
        var link = new NatsBus(options, TimeProvider.System, NullLogger.Instance);
        await link.ConnectAsync(cancellationToken);
        var device = new HostileDevice(link, new HostileDocuments(Id, stack.Reached.Master, runs, bytes, TimeProvider.System));
        await device.SayAsync(device.documents.First, cancellationToken);
        return device;
    }

    /// <summary>Whether what <see cref="SayLastAsync"/> said is what is known.</summary>
    public static bool IsLast(IReadOnlyDictionary<string, JsonElement> known) =>
        known.TryGetValue($"Device {Id}", out var device) && device.GetProperty("metadata").GetProperty("labels").TryGetProperty("mood", out var mood) && mood.GetString() == HostileDocuments.LastMood
        && !device.GetRawText().Contains("\"odd\"", StringComparison.Ordinal)
        && Count(known, ById, "pending") == 1 && Count(known, ByMood, "matchedDeviceCount") == 0;

    /// <summary>So many a second, until it is over.</summary>
    public async Task FloodAsync(int rate, CancellationToken over)
    {
        var (began, turn) = (Stopwatch.GetTimestamp(), 0L);
        while (!over.IsCancellationRequested)
        {
            for (var due = (long)(Stopwatch.GetElapsedTime(began).TotalSeconds * rate); turn < due && !over.IsCancellationRequested; turn++)
            {
                await SayAsync(documents.Turn(turn), CancellationToken.None);
            }

            await Task.Delay(1, CancellationToken.None);
        }
    }

    /// <summary>What is to be known in the end.</summary>
    public Task SayLastAsync(CancellationToken cancellationToken) => SayAsync(documents.Last, cancellationToken);

    public ValueTask DisposeAsync() => bus.DisposeAsync();

    private static int? Count(IReadOnlyDictionary<string, JsonElement> known, string deployment, string count) =>
        known.TryGetValue($"Deployment {deployment}", out var resource) && resource.TryGetProperty("status", out var status) ? status.GetProperty("aggregate").GetProperty(count).GetInt32() : null;

    private static Deployment Deployment(string name, string label, string value) => new()
    {
        Metadata = new() { Name = name, Namespace = "default" },
        Spec = new()
        {
            TargetSelector = new() { MatchLabels = ImmutableSortedDictionary<string, string>.Empty.Add(label, value) },
            Score = new() { PodmanV0 = new() { Containers = [new() { Name = "web", Image = "localhost/load-test:1" }] } },
        },
    };

    private async Task SayAsync(ImmutableArray<HostileDocuments.Document> all, CancellationToken cancellationToken)
    {
        foreach (var document in all)
        {
            await SayAsync(document, cancellationToken);
        }
    }

    private async Task SayAsync(HostileDocuments.Document document, CancellationToken cancellationToken)
    {
        var (bytes, mac) = documents.Next(document);
        while (await bus.PublishAsync(BucketSubjects.Key(document.Bucket, Id.Value), bytes, new BusHeaders(mac), cancellationToken) != PublishOutcome.Sent)
        {
            Interlocked.Increment(ref held);
        }

        Interlocked.Increment(ref sent);
    }
}
