using System.Collections.Immutable;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Tests.Harness.Bus;

/// <summary>
/// A message broker in memory, with any number of connections. It delivers at once and in order, keeps buckets with revisions and
/// delete markers, republishes what was stored, and loses what is published to a connection that is down.
/// </summary>
public sealed class FakeBroker(TimeProvider time) : IBusAdmin
{
    private const int MaxPayloadBytes = 1024 * 1024;

    private readonly Dictionary<string, FakeStream> streams = new(StringComparer.Ordinal);
    private readonly List<FakeSubscription> subscriptions = [];
    private readonly List<FakeWatch> watches = [];

    public FakeBroker()
        : this(TimeProvider.System)
    {
    }

    /// <summary>Stands between publisher and subscribers: what it gives back is delivered instead, be it nothing, other, or twice.</summary>
    public Func<BusMessage, IEnumerable<BusMessage>>? Tamper { get; set; }

    internal Lock Gate { get; } = new();

    /// <summary>Where writes lie that were told to have failed; null while they arrive.</summary>
    internal HeldWrites? Held { get; set; }

    /// <summary>From now on, until the disposal, writes to buckets are told to have failed, and lie on their way.</summary>
    public HeldWrites HoldWrites() => Held = new HeldWrites(this);

    /// <summary>A new connection, up.</summary>
    public FakeBus Connect() => new(this);

    /// <inheritdoc/>
    public Task<EnsureBucketOutcome> EnsureBucketAsync(BucketSettings settings, CancellationToken cancellationToken)
    {
        lock (Gate)
        {
            return Task.FromResult(Ensure(settings));
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The bucket's name, or a marker's key, is none.</exception>
    public Task<PurgeMarkersOutcome> PurgeMarkersAsync(string bucket, IReadOnlyCollection<BucketEntry> markers, CancellationToken cancellationToken)
    {
        if (!KeyRules.IsBucket(bucket) || !markers.All(marker => KeyRules.IsKey(marker.Key)))
        {
            throw new ArgumentException($"The bucket '{bucket}' and the keys of its markers need names without wildcards.", nameof(markers));
        }

        lock (Gate)
        {
            return Task.FromResult<PurgeMarkersOutcome>(streams.TryGetValue(bucket, out var stream)
                ? new PurgeMarkersOutcome.Purged(markers.Count(stream.Purge))
                : new PurgeMarkersOutcome.Unavailable($"there is no bucket {bucket}"));
        }
    }

    /// <summary>Whether somebody listens on <paramref name="subject"/>.</summary>
    public bool IsHeard(string subject)
    {
        lock (Gate)
        {
            return subscriptions.Exists(one => SubjectMatch.Matches(one.Subject, subject));
        }
    }

    /// <summary>Loses a bucket with all that is in it.</summary>
    public void LoseBucket(string name)
    {
        lock (Gate)
        {
            streams.Remove(name);
            foreach (var watch in watches.Where(watch => watch.Bucket == name))
            {
                watch.Lose("the bucket was deleted");
            }
        }
    }

    /// <summary>Somebody changes a bucket's rules by hand, and it discards by them all that is in it: no watch tells of that.</summary>
    public void DiscardAll(string name)
    {
        lock (Gate)
        {
            streams[name].Settings = streams[name].Settings with { MaxBytes = 1 };
            streams[name].Entries.Clear();
        }
    }

    /// <summary>Every write that a bucket has seen, delete markers too.</summary>
    public ulong WritesOf(string bucket)
    {
        lock (Gate)
        {
            return streams[bucket].Sequence;
        }
    }

    internal static bool IsTooLarge(ReadOnlyMemory<byte> payload) => payload.Length > MaxPayloadBytes;

    internal FakeStream? Stream(string bucket) => streams.GetValueOrDefault(bucket);

    internal BucketEntry Store(FakeStream stream, string key, ReadOnlyMemory<byte> value, BusHeaders headers, bool isDeleted)
    {
        var entry = stream.Append(key, value, headers, isDeleted, time.GetUtcNow());
        foreach (var watch in watches.Where(watch => watch.Bucket == stream.Settings.Name))
        {
            watch.Offer(entry);
        }

        if (stream.Settings.RepublishPrefix is { } prefix)
        {
            Deliver(new BusMessage(prefix + key, entry.Value, headers));
        }

        return entry;
    }

    internal void Deliver(BusMessage message)
    {
        foreach (var delivered in Tamper?.Invoke(message) ?? [message])
        {
            foreach (var subscription in subscriptions.Where(one => SubjectMatch.Matches(one.Subject, delivered.Subject)).ToArray())
            {
                subscription.Offer(delivered with { Payload = delivered.Payload.ToArray() });
            }
        }
    }

    internal void Add(FakeSubscription subscription)
    {
        lock (Gate)
        {
            subscriptions.Add(subscription);
        }
    }

    internal void Remove(FakeSubscription subscription)
    {
        lock (Gate)
        {
            subscriptions.Remove(subscription);
        }
    }

    internal void Add(FakeWatch watch)
    {
        lock (Gate)
        {
            watches.Add(watch);
            watch.Begin();
        }
    }

    internal void Remove(FakeWatch watch)
    {
        lock (Gate)
        {
            watches.Remove(watch);
        }
    }

    internal void LoseWatchesOf(FakeBus bus, string reason)
    {
        foreach (var watch in watches.Where(watch => watch.Bus == bus))
        {
            watch.Lose(reason);
        }
    }

    internal void BeginWatchesOf(FakeBus bus)
    {
        foreach (var watch in watches.Where(watch => watch.Bus == bus))
        {
            watch.Begin();
        }
    }

    private EnsureBucketOutcome Ensure(BucketSettings settings)
    {
        if (!streams.TryGetValue(settings.Name, out var stream))
        {
            streams[settings.Name] = new FakeStream(settings);
            foreach (var watch in watches.Where(watch => watch.Bucket == settings.Name))
            {
                watch.Begin();
            }

            return new EnsureBucketOutcome.Created();
        }

        if (stream.Settings == settings)
        {
            return new EnsureBucketOutcome.Verified();
        }

        ImmutableArray<string> differences = [$"settings: {stream.Settings}, {settings}"];
        if (stream.Settings.InMemory != settings.InMemory)
        {
            return new EnsureBucketOutcome.Mismatch(differences, "storage cannot be changed");
        }

        stream.Settings = settings;
        return new EnsureBucketOutcome.Corrected(differences);
    }
}
