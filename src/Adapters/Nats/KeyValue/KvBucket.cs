using System.Runtime.CompilerServices;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.JetStream;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Adapters.Nats.KeyValue;

/// <summary>
/// A key-value bucket as every NATS client keeps it: stream <c>KV_&lt;bucket&gt;</c>, subjects <c>$KV.&lt;bucket&gt;.&lt;key&gt;</c>. Puts and gets need no right
/// but those two subjects; watches and lists need the right to make consumers.
/// </summary>
internal sealed class KvBucket : IBucket
{
    private const int ListTries = 10;

    private static readonly TimeSpan _listPause = TimeSpan.FromMilliseconds(100);

    private readonly NatsLink _link;
    private readonly NatsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly DirectGet _reader;
    private readonly string _stream;
    private readonly string _prefix;

    /// <exception cref="ArgumentException">The name is none.</exception>
    public KvBucket(string name, NatsLink link, NatsOptions options, TimeProvider time, ILogger logger)
    {
        if (!KeyRules.IsBucket(name))
        {
            throw new ArgumentException($"'{name}' cannot be the name of a bucket.", nameof(name));
        }

        Name = name;
        _link = link;
        _options = options;
        _time = time;
        _logger = logger;
        _reader = new DirectGet(link);
        _stream = BucketSubjects.Stream(name);
        _prefix = BucketSubjects.Key(name, string.Empty);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public async Task<PutOutcome> CreateAsync(string key, ReadOnlyMemory<byte> value, BusHeaders headers, CancellationToken cancellationToken)
    {
        var first = await WriteAsync(key, value, headers, 0, false, cancellationToken);
        if (first is not PutOutcome.Conflict)
        {
            return first;
        }

        // What is there may be a marker of a deletion. If it is, its revision is expected; whoever writes in between makes a conflict.
        return await LastAsync(key, cancellationToken) switch
        {
            { Exists: true } last when KvHeaders.IsMarker(last.Headers) => await WriteAsync(key, value, headers, last.Sequence, false, cancellationToken),
            { Exists: true } last => new PutOutcome.Conflict(last.Sequence),
            { Problem: { } problem } => new PutOutcome.Unavailable(problem),
            _ => first,
        };
    }

    /// <inheritdoc/>
    public Task<PutOutcome> UpdateAsync(string key, ReadOnlyMemory<byte> value, ulong revision, BusHeaders headers, CancellationToken cancellationToken) =>
        WriteAsync(key, value, headers, revision, false, cancellationToken);

    /// <inheritdoc/>
    public Task<PutOutcome> DeleteAsync(string key, ulong revision, CancellationToken cancellationToken) =>
        WriteAsync(key, ReadOnlyMemory<byte>.Empty, BusHeaders.None, revision, true, cancellationToken);

    /// <inheritdoc/>
    public async Task<GetOutcome> GetAsync(string key, CancellationToken cancellationToken) =>
        KeyRules.IsKey(key) ? Outcome(key, await LastAsync(key, cancellationToken)) : new GetOutcome.Missing();

    /// <inheritdoc/>
    public async Task<GetOutcome> GetLatestAsync(string key, CancellationToken cancellationToken) =>
        KeyRules.IsKey(key) ? Outcome(key, await new MessageGet(_link).LastAsync(_stream, _prefix + key, cancellationToken)) : new GetOutcome.Missing();

    /// <inheritdoc/>
    /// <remarks>While the bucket is missing it waits for it.</remarks>
    /// <exception cref="ArgumentException">The filter is none.</exception>
    public IAsyncEnumerable<BucketEvent> WatchAsync(string filter, CancellationToken cancellationToken) => KeyRules.IsFilter(filter)
        ? new BucketWatch(_link, _options, _time, _logger, Request(filter, headersOnly: false), _prefix).ReadAsync(cancellationToken)
        : throw new ArgumentException($"'{filter}' selects no keys: use {KeyRules.Rule}, and the wildcards * and >.", nameof(filter));

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> KeysAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Collected first: a key may be deleted behind the back of the reader.
        var keys = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var entry in EntriesAsync(cancellationToken))
        {
            _ = entry.IsDeleted ? keys.Remove(entry.Key) : keys.Add(entry.Key);
        }

        foreach (var key in keys)
        {
            yield return key;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BucketEntry> MarkersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var markers = new Dictionary<string, BucketEntry>(StringComparer.Ordinal);
        await foreach (var entry in EntriesAsync(cancellationToken))
        {
            markers.Remove(entry.Key);
            if (entry.IsDeleted)
            {
                markers.Add(entry.Key, entry);
            }
        }

        foreach (var marker in markers.Values)
        {
            yield return marker;
        }
    }

    /// <summary>The last entry of each key, without its value, and what comes until all are read. Of a consumer that was lost at once it may come again.</summary>
    private async IAsyncEnumerable<BucketEntry> EntriesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var (consumer, reason) = await OrderedConsumer.OpenAsync(_link, _options, _time, Request(">", headersOnly: true), cancellationToken);
            if (consumer is null)
            {
                throw new IOException($"The keys of {Name} cannot be read: {reason}.");
            }

            await using (consumer)
            {
                var history = new HistoryProgress(consumer.Initial);
                while (!history.IsComplete && await consumer.NextAsync(cancellationToken) is { } delivery)
                {
                    if (EntryReader.TryRead(delivery, _prefix, out var entry))
                    {
                        yield return entry;
                    }

                    history.CompletesWith(delivery);
                }

                if (history.IsComplete)
                {
                    yield break;
                }

                // On several servers the one that was asked may not know yet where the new consumer is.
                if (!consumer.IsUnknown || tries == ListTries)
                {
                    throw new IOException($"The keys of {Name} cannot be read: {consumer.LostReason}.");
                }
            }

            await Task.Delay(_listPause, _time, cancellationToken);
        }
    }

    private static GetOutcome Outcome(string key, in LastMessage last) => last switch
    {
        { Exists: true } when !KvHeaders.IsMarker(last.Headers) => new GetOutcome.Found(
            new BucketEntry(key, last.Payload, KvHeaders.Read(last.Headers), last.Sequence, last.Time, false)),
        { Problem: { } problem } => new GetOutcome.Unavailable(problem),
        _ => new GetOutcome.Missing(),
    };

    private OrderedConsumerRequest Request(string filter, bool headersOnly) => new(_stream, _prefix + filter, headersOnly);

    private ValueTask<LastMessage> LastAsync(string key, CancellationToken cancellationToken) =>
        _reader.LastAsync(_stream, _prefix + key, cancellationToken);

    private async Task<PutOutcome> WriteAsync(
        string key,
        ReadOnlyMemory<byte> value,
        BusHeaders headers,
        ulong expectedRevision,
        bool isDelete,
        CancellationToken cancellationToken)
    {
        if (!KeyRules.IsKey(key))
        {
            return new PutOutcome.Rejected($"'{key}' cannot be a key: use {KeyRules.Rule}");
        }

        var subject = _prefix + key;
        var reply = await _link.RequestAsync(subject, value, KvHeaders.Of(headers, expectedRevision, isDelete), AckReader.Instance, cancellationToken);
        return reply switch
        {
            { Status: ReplyStatus.TooLarge or ReplyStatus.Denied } => new PutOutcome.Rejected(reply.Reason(subject)),
            { IsReply: false } => new PutOutcome.Unavailable(reply.Reason(subject)),
            { Data: { Status: AckStatus.Stored } ack } => new PutOutcome.Stored(ack.Sequence),
            { Data: { Status: AckStatus.Conflict } ack } => new PutOutcome.Conflict(ack.Sequence),
            { Data: { Status: AckStatus.Rejected } ack } => new PutOutcome.Rejected(ack.Reason!),
            { Data: var ack } => new PutOutcome.Unavailable(ack.Reason!),
        };
    }
}
