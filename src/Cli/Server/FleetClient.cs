using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Server;

/// <summary>The operator's API, typed.</summary>
/// <param name="connection">The way to it.</param>
/// <param name="host">Knows the command lines that are advised.</param>
internal sealed class FleetClient(ApiConnection connection, CliHost host) : IDisposable
{
    private const string PageSize = "500";
    private const int MaxRestarts = 3;
    private const string DefaultNamespace = "default";

    /// <summary>The server as people name it.</summary>
    public string Server => connection.Server;

    /// <summary>The command line that shows how the fleet is; null where it is none of this machine.</summary>
    public string? StatusLine => connection.StatusLine;

    /// <summary>Reads one resource.</summary>
    public async Task<Outcome<Fetched<T>>> GetAsync<T>(ResourceType<T> type, string? space, string name, CancellationToken cancellationToken)
        where T : class, IResource =>
        Parse(type, Advised(type, space, name, await connection.SendAsync(HttpMethod.Get, ApiPaths.Resource(type, space, name), null, cancellationToken)));

    /// <summary>Creates one resource; a conflict where there is one of its name.</summary>
    public async Task<Outcome<Fetched<T>>> CreateAsync<T>(ResourceType<T> type, string? space, byte[] resource, CancellationToken cancellationToken)
        where T : class, IResource =>
        Parse(type, await connection.SendAsync(HttpMethod.Post, ApiPaths.Collection(type, space), resource, cancellationToken));

    /// <summary>Replaces one resource.</summary>
    public async Task<Outcome<Fetched<T>>> UpdateAsync<T>(ResourceType<T> type, string? space, string name, byte[] resource, CancellationToken cancellationToken)
        where T : class, IResource =>
        Parse(type, await connection.SendAsync(HttpMethod.Put, ApiPaths.Resource(type, space, name), resource, cancellationToken));

    /// <summary>Deletes one resource; what it still has to clean up it does afterwards.</summary>
    public async Task<Outcome<byte[]>> DeleteAsync<T>(ResourceType<T> type, string? space, string name, CancellationToken cancellationToken)
        where T : class, IResource =>
        Advised(type, space, name, await connection.SendAsync(HttpMethod.Delete, ApiPaths.Resource(type, space, name), null, cancellationToken));

    /// <summary>Reads all resources of a scope, page by page.</summary>
    public async Task<Outcome<Listing<T>>> ListAsync<T>(ResourceType<T> type, Scope scope, CancellationToken cancellationToken)
        where T : class, IResource
    {
        var listing = await TryListAsync(type, scope, cancellationToken);
        for (var restarts = 0; restarts < MaxRestarts && listing.Fault?.Reason == StatusReasons.Expired; restarts++)
        {
            listing = await TryListAsync(type, scope, cancellationToken);
        }

        return listing;
    }

    /// <summary>Opens a watch on a scope, from <paramref name="resourceVersion"/> on.</summary>
    public Task<Outcome<LineStream>> WatchAsync<T>(ResourceType<T> type, Scope scope, string? resourceVersion, CancellationToken cancellationToken)
        where T : class, IResource =>
        connection.OpenAsync(
            ApiPaths.With(ApiPaths.Collection(type, scope.Namespace), ("watch", "true"), ("resourceVersion", resourceVersion), ("labelSelector", scope.Selector)),
            cancellationToken);

    /// <summary>Asks a device for a sign of life.</summary>
    public async Task<Outcome<PingResult>> PingAsync(string device, CancellationToken cancellationToken) =>
        Parse(ContractsJson.Api.PingResult, OfDevice(device, await connection.SendAsync(HttpMethod.Post, ApiPaths.Device(device, "ping"), null, cancellationToken)));

    /// <summary>What a device should run.</summary>
    public async Task<Outcome<byte[]>> DesiredAsync(string device, CancellationToken cancellationToken) =>
        OfDevice(device, await connection.SendAsync(HttpMethod.Get, ApiPaths.Device(device, "desired"), null, cancellationToken));

    /// <summary>Opens a container's log.</summary>
    public async Task<Outcome<LineStream>> LogsAsync(string device, LogQuery query, CancellationToken cancellationToken) =>
        OfDevice(device, await connection.OpenAsync(
            ApiPaths.With(
                ApiPaths.Device(device, "logs"),
                ("namespace", query.Namespace),
                ("deployment", query.Deployment),
                ("container", query.Container),
                ("tail", query.Tail is { } tail ? $"{tail}" : null),
                ("follow", query.Follow ? "true" : null)),
            cancellationToken));

    /// <summary>The buckets of the bus.</summary>
    public async Task<Outcome<BucketList>> BucketsAsync(CancellationToken cancellationToken) =>
        Parse(ContractsJson.Api.BucketList, await connection.SendAsync(HttpMethod.Get, ApiPaths.Buckets, null, cancellationToken));

    /// <summary>The keys of a bucket.</summary>
    public async Task<Outcome<BucketKeys>> KeysAsync(string bucket, CancellationToken cancellationToken) =>
        Parse(ContractsJson.Api.BucketKeys, OfBucket(bucket, null, await connection.SendAsync(HttpMethod.Get, ApiPaths.Bucket(bucket), null, cancellationToken)));

    /// <summary>A value of a bucket; the keys of scores in a manifest only with <paramref name="reveal"/>.</summary>
    public async Task<Outcome<BucketValue>> ValueAsync(string bucket, string key, bool reveal, CancellationToken cancellationToken) =>
        Parse(
            ContractsJson.Api.BucketValue,
            OfBucket(bucket, key, await connection.SendAsync(HttpMethod.Get, ApiPaths.With(ApiPaths.Bucket(bucket, key), ("reveal", reveal ? "true" : null)), null, cancellationToken)));

    /// <summary>Opens the values of a bucket as they are now.</summary>
    public Task<Outcome<LineStream>> ValuesAsync(string bucket, CancellationToken cancellationToken) =>
        connection.OpenAsync(ApiPaths.With(ApiPaths.Bucket(bucket), ("values", "true")), cancellationToken);

    /// <summary>Opens a watch on a bucket: what is in it, then what changes.</summary>
    public async Task<Outcome<LineStream>> WatchBucketAsync(string bucket, bool reveal, CancellationToken cancellationToken) =>
        OfBucket(bucket, null, await connection.OpenAsync(ApiPaths.With(ApiPaths.Bucket(bucket), ("watch", "true"), ("reveal", reveal ? "true" : null)), cancellationToken));

    /// <summary>Opens a copy of the store, which is made first, however long that takes; the caller disposes it.</summary>
    /// <param name="waits">Told from time to time that it is still made.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<Outcome<HttpResponseMessage>> BackupAsync(Action waits, CancellationToken cancellationToken) => connection.BytesAsync(ApiPaths.Backup, waits, cancellationToken);

    /// <summary>What the store lost and devices still run.</summary>
    public Task<Outcome<byte[]>> LostAsync(CancellationToken cancellationToken) => connection.SendAsync(HttpMethod.Get, ApiPaths.Recovery, null, cancellationToken);

    /// <summary>Takes notice of writes that were lost.</summary>
    public async Task<Outcome<RecoveryResults>> AcknowledgeAsync(CancellationToken cancellationToken) => Parse(
        ContractsJson.Api.RecoveryResults, await connection.SendAsync(HttpMethod.Post, $"{ApiPaths.Recovery}/acknowledge", null, cancellationToken));

    /// <summary>Decides about what was lost.</summary>
    /// <param name="verb"><c>adopt</c> or <c>drop</c>.</param>
    /// <param name="request">About what.</param>
    /// <param name="cancellationToken">Ends the waiting for an answer; what was decided by then stays decided.</param>
    public async Task<Outcome<RecoveryResults>> RecoverAsync(string verb, RecoveryRequest request, CancellationToken cancellationToken) => Parse(
        ContractsJson.Api.RecoveryResults,
        await connection.SendAsync(
            HttpMethod.Post, $"{ApiPaths.Recovery}/{verb}", JsonSerializer.SerializeToUtf8Bytes(request, ContractsJson.Api.RecoveryRequest), cancellationToken));

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    /// <summary>A resource of an answer.</summary>
    public Outcome<Fetched<T>> Parse<T>(ResourceType<T> type, JsonElement raw)
        where T : class, IResource
    {
        try
        {
            return raw.Deserialize(type.Json) is { } resource ? new Fetched<T>(resource, raw) : ApiErrors.NotUnderstood(Server);
        }
        catch (JsonException)
        {
            return ApiErrors.NotUnderstood(Server);
        }
    }

    /// <summary>A document of an answer.</summary>
    public Outcome<T> Parse<T>(JsonTypeInfo<T> type, Outcome<byte[]> answer)
    {
        try
        {
            return !answer.IsOk ? answer.Fault : JsonSerializer.Deserialize(answer.Value, type) is { } value ? value : ApiErrors.NotUnderstood(Server);
        }
        catch (JsonException)
        {
            return ApiErrors.NotUnderstood(Server);
        }
    }

    /// <summary>There is no such resource.</summary>
    public Fault Missing<T>(ResourceType<T> type, string? space, string name)
        where T : class, IResource => new(
            FaultKind.NotFound,
            type.NotFound(name),
            $"see which there are with {host.Line($"get {type.Plural}{NamespaceFlag(space)}")}")
        { Reason = StatusReasons.NotFound };

    /// <summary>What a command line says of a namespace: nothing of the default one, and of kinds without one.</summary>
    public static string NamespaceFlag(string? space) => space is null or DefaultNamespace ? string.Empty : $" --namespace {ShellText.Quote(space)}";

    private Outcome<T> OfDevice<T>(string device, Outcome<T> answer) => answer.Fault is { Reason: StatusReasons.Timeout, Advice.Length: 0 } away
        ? away with { Advice = $"see how it is with {host.Line($"get device {device}")}" }
        : Advised(ResourceTypes.Devices, null, device, answer);

    /// <summary>The answer; where there is no such bucket or key, with how to see which there are.</summary>
    private Outcome<T> OfBucket<T>(string bucket, string? key, Outcome<T> answer)
    {
        if (answer.Fault is not { Reason: StatusReasons.NotFound } missing)
        {
            return answer;
        }

        return key is null || missing.What.Contains("no bucket", StringComparison.Ordinal)
            ? missing with { What = $"bucket \"{bucket}\" not found", Advice = $"see which there are with {host.Line("kv ls")}" }
            : missing with { What = $"key \"{key}\" not found in bucket {bucket}", Advice = $"see which there are with {host.Line($"kv ls {ShellText.Quote(bucket)}")}" };
    }

    /// <summary>The answer; where there is no such resource, with how to see which there are.</summary>
    private Outcome<TAnswer> Advised<T, TAnswer>(ResourceType<T> type, string? space, string name, Outcome<TAnswer> answer)
        where T : class, IResource => answer.Fault?.What == type.NotFound(name) ? Missing(type, space, name) : answer;

    private Outcome<Fetched<T>> Parse<T>(ResourceType<T> type, Outcome<byte[]> answer)
        where T : class, IResource
    {
        try
        {
            return answer.IsOk ? Parse(type, JsonElement.Parse(answer.Value)) : answer.Fault;
        }
        catch (JsonException)
        {
            return ApiErrors.NotUnderstood(Server);
        }
    }

    private async Task<Outcome<Listing<T>>> TryListAsync<T>(ResourceType<T> type, Scope scope, CancellationToken cancellationToken)
        where T : class, IResource
    {
        var items = ImmutableArray.CreateBuilder<Fetched<T>>();
        string? version = null;
        string? next = null;
        do
        {
            var path = ApiPaths.With(ApiPaths.Collection(type, scope.Namespace), ("limit", PageSize), ("continue", next), ("labelSelector", scope.Selector));
            var page = ParsePage(type, await connection.SendAsync(HttpMethod.Get, path, null, cancellationToken), items);
            if (!page.IsOk)
            {
                return page.Fault;
            }

            // A watch from the first page's version misses nothing that the later pages do not show yet.
            version ??= page.Value.ResourceVersion;
            next = page.Value.Continue;
        }
        while (!string.IsNullOrEmpty(next));
        return new Listing<T>(items.DrainToImmutable(), version);
    }

    private Outcome<ListMeta> ParsePage<T>(ResourceType<T> type, Outcome<byte[]> answer, ImmutableArray<Fetched<T>>.Builder items)
        where T : class, IResource
    {
        if (!answer.IsOk)
        {
            return answer.Fault;
        }

        try
        {
            var page = JsonElement.Parse(answer.Value);
            foreach (var raw in page.GetProperty("items").EnumerateArray())
            {
                var item = Parse(type, raw);
                if (!item.IsOk)
                {
                    return item.Fault;
                }

                items.Add(item.Value);
            }

            return page.TryGetProperty("metadata", out var metadata) && metadata.Deserialize(ContractsJson.Resources.ListMeta) is { } meta ? meta : new ListMeta();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return ApiErrors.NotUnderstood(Server);
        }
    }
}
