using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Api;

/// <summary>The bus' buckets, to look at. The fleet's own only, and never to write.</summary>
/// <param name="bus">The bus.</param>
internal sealed class BucketEndpoints(IBus bus)
{
    private static readonly ImmutableSortedSet<string> Buckets = ImmutableSortedSet.Create(
        StringComparer.Ordinal, BucketNames.DeviceInfo, BucketNames.DeviceState, BucketNames.DeviceHeartbeat, BucketNames.DesiredState, BucketNames.Scores);

    /// <summary>Adds the paths.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/kv", (Delegate)((HttpContext context) => ListAsync(context.RequestAborted)))
            .WithSummary("The buckets of the bus").Produces<BucketList>().Fails(400, 503);
        routes.MapGet("/api/v1/kv/{bucket}", (HttpContext context, string bucket) => BucketAsync(context, bucket))
            .WithSummary("The keys of a bucket; with values, its values as lines; with watch, their changes as well")
            .Takes("values", Microsoft.OpenApi.JsonSchemaType.Boolean, "Stream the values as they are now, as lines, instead")
            .Takes("watch", Microsoft.OpenApi.JsonSchemaType.Boolean, "Stream values and changes as lines instead")
            .Takes("reveal", Microsoft.OpenApi.JsonSchemaType.Boolean, "Show the keys of scores in manifests")
            .Produces<BucketKeys>().Fails(400, 404, 503);
        routes.MapGet("/api/v1/kv/{bucket}/{key}", (HttpContext context, string bucket, string key) => ValueAsync(context, bucket, key))
            .WithSummary("A value of a bucket").Takes("reveal", Microsoft.OpenApi.JsonSchemaType.Boolean, "Show the keys of scores in manifests")
            .Produces<BucketValue>().Fails(400, 404, 503);
    }

    private async Task<IResult> ListAsync(CancellationToken cancellationToken)
    {
        var items = ImmutableArray.CreateBuilder<BucketSummary>();
        foreach (var name in Buckets)
        {
            var (keys, failure) = await KeysAsync(name, cancellationToken);
            if (failure is not null)
            {
                return ApiResults.Failure(failure);
            }

            items.Add(new BucketSummary { Name = name, Keys = keys.Length });
        }

        return ApiResults.Document(new BucketList { Items = items.ToImmutable() }, ContractsJson.Api.BucketList);
    }

    private async Task<IResult> BucketAsync(HttpContext context, string bucket)
    {
        if (UnknownBucket(bucket) is { } unknown)
        {
            return unknown;
        }

        var query = new RequestQuery(context.Request);
        if (!query.TryFlag("watch", out var watch) || !query.TryFlag("values", out var values) || !query.TryFlag("reveal", out var reveal))
        {
            return ApiResults.Failure(RequestQuery.Wrong("watch, values and reveal are true or false"));
        }

        if (watch || values)
        {
            return watch || bus.Link.IsUp ? new BucketStream(bus.Bucket(bucket), value => Shown(bucket, value, reveal), hasEnd: !watch) : ApiResults.Failure(NoLink());
        }

        var (keys, failure) = await KeysAsync(bucket, context.RequestAborted);
        return failure is not null
            ? ApiResults.Failure(failure)
            : ApiResults.Document(new BucketKeys { Items = keys }, ContractsJson.Api.BucketKeys);
    }

    private async Task<IResult> ValueAsync(HttpContext context, string bucket, string key)
    {
        if (UnknownBucket(bucket) is { } unknown)
        {
            return unknown;
        }

        if (!new RequestQuery(context.Request).TryFlag("reveal", out var reveal))
        {
            return ApiResults.Failure(RequestQuery.Wrong("reveal is true or false"));
        }

        // A key of the fleet is a device's id or a digest; anything else could be a pattern to the bus.
        if (!Contracts.Names.DeviceId.TryParse(key, out _) && !Contracts.Names.Digest.TryParse(key, out _))
        {
            return ApiResults.Failure(ApiFailure.NotFound($"There is no key \"{key}\" in the bucket {bucket}."));
        }

        return await bus.Bucket(bucket).GetAsync(key, context.RequestAborted) switch
        {
            GetOutcome.Found found => ApiResults.Document(Shown(bucket, BucketStream.Show(found.Entry), reveal), ContractsJson.Api.BucketValue),
            GetOutcome.Missing => ApiResults.Failure(ApiFailure.NotFound($"There is no key \"{key}\" in the bucket {bucket}.")),
            GetOutcome.Unavailable away => ApiResults.Failure(ApiFailure.Unavailable(away.Reason)),
            var other => throw new InvalidOperationException($"The outcome {other} is not handled."),
        };
    }

    private static BucketValue Shown(string bucket, BucketValue value, bool reveal) => reveal ? value : HiddenKeys.Hide(bucket, value);

    private static IResult? UnknownBucket(string bucket) => Buckets.Contains(bucket)
        ? null
        : ApiResults.Failure(ApiFailure.NotFound($"There is no bucket \"{bucket}\"; there are {string.Join(", ", Buckets)}."));

    private ApiFailure NoLink() => ApiFailure.Unavailable($"The operator has no connection to NATS: {bus.Link.Detail}");

    private async Task<(ImmutableArray<string> Keys, ApiFailure? Failure)> KeysAsync(string bucket, CancellationToken cancellationToken)
    {
        if (!bus.Link.IsUp)
        {
            return ([], NoLink());
        }

        try
        {
            var keys = await bus.Bucket(bucket).KeysAsync(cancellationToken).ToListAsync(cancellationToken);
            return ([.. keys.Order(StringComparer.Ordinal)], null);
        }
        catch (IOException error)
        {
            return ([], ApiFailure.Unavailable($"The bucket {bucket} cannot be read: {error.Message}"));
        }
    }
}
