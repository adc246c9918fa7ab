using System.Diagnostics;
using System.Text;
using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.NatsAdmin;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.LoadTest.Measuring;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Bench.Load;

/// <summary>
/// One Deployment that is meant for (nearly) all devices changes: until every manifest that names the new score is seen in the bucket. Beside it, in the same round, a
/// client that does nothing but write the same bytes over the ones before, each at its revision, into a bucket of the same settings, as many at once.
/// </summary>
internal sealed class FanOut : IAsyncDisposable
{
    private const string Bucket = "bench-desired-state";
    private const string AnyGroup = "load-group";
    private const int AtOnce = 128;
    private readonly LoadedStack stack;
    private readonly NatsBus watcher;
    private readonly NatsBus writer;
    private readonly Dictionary<string, ulong> revisions = new(StringComparer.Ordinal);

    private FanOut(LoadedStack stack, NatsBus watcher, NatsBus writer) => (this.stack, this.watcher, this.writer) = (stack, watcher, writer);

    private int Devices => stack.Plan.Devices - stack.Plan.Probes;

    public static async Task<FanOut> OpenAsync(LoadedStack stack, CancellationToken cancellationToken)
    {
        await stack.LetGoAsync();
        var opened = new FanOut(stack, await stack.Reached.ConnectAsync("watcher", cancellationToken), await stack.Reached.ConnectAsync("bare client", cancellationToken));
        var settings = new BucketSettings
        {
            Name = Bucket, Description = "Manifests again", MaxValueBytes = WireLimits.MaxDocumentBytes, MaxConsumers = 16, RepublishPrefix = "bench.live.",
        };
        var made = await new NatsBusAdmin(() => opened.writer.Connection).EnsureBucketAsync(settings, cancellationToken);
        return made is EnsureBucketOutcome.Created ? opened : throw new InvalidOperationException($"{made}");
    }

    public async Task RunAsync(int rounds, CancellationToken cancellationToken)
    {
        var ratios = new List<double>();
        for (var round = 0; round <= rounds; round++)
        {
            var deployment = Version(round);
            var score = Encoding.UTF8.GetBytes(ScoreSealer.Seal(stack.Reached.Master, CanonicalScore.ToBytes(deployment.Spec.Score)).ScoreDigest.Value);
            var (own, nats) = (new ProcessMeter(stack.Reached.Operator), new ProcessMeter(stack.Reached.Nats));
            var (operatorTook, manifests) = await SeeAsync(BucketNames.DesiredState, score, () => stack.Api.PutAsync(deployment, cancellationToken), cancellationToken);
            var (cpu, natsCpu) = (own.Cpu, nats.Cpu);
            nats = new ProcessMeter(stack.Reached.Nats);
            var (clientTook, _) = await SeeAsync(Bucket, score, () => WriteAsync(manifests, cancellationToken), cancellationToken);
            if (round > 0)
            {
                ratios.Add(clientTook / operatorTook);
                Console.WriteLine(
                    $"round {round}: {Devices / operatorTook.TotalSeconds:N0} manifests/s ({operatorTook.TotalSeconds:F2} s, {cpu:F1} s of the operator's processor, {natsCpu:F1} s of nats-server's); " +
                    $"bare client {Devices / clientTook.TotalSeconds:N0}/s ({clientTook.TotalSeconds:F2} s, {nats.Cpu:F1} s of nats-server's): {ratios[^1]:F2}");
            }
        }

        Console.WriteLine($"fan-out / bare client: median {Rounds.Median(ratios):F2} ({ratios.Min():F2} to {ratios.Max():F2})");
    }

    public async ValueTask DisposeAsync()
    {
        await watcher.DisposeAsync();
        await writer.DisposeAsync();
    }

    private static Deployment Version(int number) => new()
    {
        Metadata = new() { Name = "fan-out", Namespace = "default" },
        Spec = new()
        {
            TargetSelector = new() { MatchExpressions = [new() { Key = AnyGroup, Operator = "Exists" }] },
            Score = new() { PodmanV0 = new() { Containers = [new() { Name = "web", Image = $"localhost/fan-out:{number}" }] } },
        },
    };

    /// <summary>Until every device has a value in <paramref name="bucket"/> that holds <paramref name="text"/>, from when <paramref name="begin"/> was called.</summary>
    private async Task<(TimeSpan Took, Dictionary<string, BucketEntry> Seen)> SeeAsync(string bucket, byte[] text, Func<Task> begin, CancellationToken cancellationToken)
    {
        var (seen, began, beginning) = (new Dictionary<string, BucketEntry>(StringComparer.Ordinal), 0L, Task.CompletedTask);
        await foreach (var happened in watcher.Bucket(bucket).WatchAsync(">", cancellationToken))
        {
            if (happened is BucketEvent.CaughtUp)
            {
                began = Stopwatch.GetTimestamp();
                beginning = Task.Run(begin, cancellationToken);
            }
            else if (happened is BucketEvent.Changed { Value: var entry } && entry.Value.Span.IndexOf(text) >= 0)
            {
                seen[entry.Key] = entry;
            }

            if (seen.Count == Devices)
            {
                break;
            }
        }

        var took = Stopwatch.GetElapsedTime(began);
        await beginning;
        return (took, seen);
    }

    private Task WriteAsync(Dictionary<string, BucketEntry> manifests, CancellationToken cancellationToken)
    {
        var (bucket, waiting) = (writer.Bucket(Bucket), new Queue<BucketEntry>(manifests.Values));
        return Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(() => WriteAsync(bucket, waiting, cancellationToken), cancellationToken)));
    }

    private async Task WriteAsync(IBucket bucket, Queue<BucketEntry> waiting, CancellationToken cancellationToken)
    {
        while (Next(waiting) is var (entry, revision))
        {
            if (await bucket.UpdateAsync(entry.Key, entry.Value, revision, entry.Headers, cancellationToken) is not PutOutcome.Stored stored)
            {
                throw new InvalidOperationException($"{entry.Key} was not stored.");
            }

            lock (waiting)
            {
                revisions[entry.Key] = stored.Revision;
            }
        }
    }

    private (BucketEntry Entry, ulong Revision)? Next(Queue<BucketEntry> waiting)
    {
        lock (waiting)
        {
            return waiting.TryDequeue(out var entry) ? (entry, revisions.GetValueOrDefault(entry.Key)) : null;
        }
    }
}
