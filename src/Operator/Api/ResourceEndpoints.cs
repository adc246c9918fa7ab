using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Api;

/// <summary>The paths of one kind.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
/// <param name="type">The kind.</param>
/// <param name="store">Where it is stored.</param>
/// <param name="rules">What a user may write.</param>
/// <param name="lists">How many lists are read at once, of all kinds together.</param>
internal sealed class ResourceEndpoints<T>(ResourceType<T> type, IResourceStore store, IResourceRules<T> rules, ListGate lists)
    where T : class, IResource
{
    private readonly ResourceAnswers<T> answers = new(type);
    private readonly ResourceWriter<T> writer = new(type, store, rules);

    /// <summary>Adds the paths of a kind that lives in namespaces.</summary>
    public void MapNamespaced(IEndpointRouteBuilder routes)
    {
        var list = $"/api/v1/namespaces/{{ns}}/{type.Plural}";
        var item = list + "/{name}";
        MapList(routes.MapGet($"/api/v1/{type.Plural}", (Delegate)((HttpContext context) => ListAsync(context, null))), $"List or watch {type.Plural} of all namespaces");
        MapList(routes.MapGet(list, (HttpContext context, string ns) => ListAsync(context, ns)), $"List or watch {type.Plural}");
        routes.MapPost(list, (HttpContext context, string ns) => CreateAsync(context, ns))
            .WithSummary($"Create a {type.Kind}").Accepts<T>(ApiResults.Json).Produces<T>(StatusCodes.Status201Created).Fails(400, 409, 413, 422, 503);
        MapGet(routes.MapGet(item, (HttpContext context, string ns, string name) => GetAsync(context, new ResourceKey(ns, name))));
        MapPut(routes.MapPut(item, (HttpContext context, string ns, string name) => PutAsync(context, new ResourceKey(ns, name))));
        MapDelete(routes.MapDelete(item, (HttpContext context, string ns, string name) => DeleteAsync(context, new ResourceKey(ns, name))));
    }

    /// <summary>Adds the paths of a kind without namespaces, which the control plane creates.</summary>
    public void MapClusterScoped(IEndpointRouteBuilder routes)
    {
        var item = $"/api/v1/{type.Plural}/{{name}}";
        MapList(routes.MapGet($"/api/v1/{type.Plural}", (Delegate)((HttpContext context) => ListAsync(context, null))), $"List or watch {type.Plural}");
        MapGet(routes.MapGet(item, (HttpContext context, string name) => GetAsync(context, new ResourceKey(null, name))));
        MapPut(routes.MapPut(item, (HttpContext context, string name) => PutAsync(context, new ResourceKey(null, name))));
        MapDelete(routes.MapDelete(item, (HttpContext context, string name) => DeleteAsync(context, new ResourceKey(null, name))));
    }

    private static void MapList(RouteHandlerBuilder route, string summary) => route
        .WithSummary(summary).TakesListQuery().Produces<ResourceList<T>>().Fails(400, 410, 503);

    private void MapGet(RouteHandlerBuilder route) => route.WithSummary($"Read a {type.Kind}").TakesConditions(
        "Shows only one of these versions; else 412", "Answers 304 where it is in one of these versions").Produces<T>().Produces(StatusCodes.Status304NotModified).Fails(400, 404, 412, 503);

    private void MapPut(RouteHandlerBuilder route) => route
        .WithSummary($"Create a {type.Kind}, or update it; with metadata.resourceVersion only where that is the stored one")
        .TakesConditions("Updates only one of these versions, * only what is there; else 412", "Updates none of these versions, * creates only; else 412")
        .Accepts<T>(ApiResults.Json).Produces<T>().Produces<T>(StatusCodes.Status201Created).Fails(400, 409, 412, 413, 422, 503);

    private void MapDelete(RouteHandlerBuilder route) => route
        .WithSummary($"Delete a {type.Kind}: at once, or once its finalizers are done")
        .TakesConditions("Deletes only one of these versions; else 412", "Deletes none of these versions; else 412").Produces<T>().Fails(400, 404, 409, 412, 413, 503);

    private async Task<IResult> ListAsync(HttpContext context, string? ns)
    {
        var (query, failure) = ListQuery.Parse(context.Request, ns);
        if (query is null)
        {
            return ApiResults.Failure(failure!);
        }

        if (query.IsWatch)
        {
            return new WatchStream<T>(type, stop => store.WatchAsync(type, query.Watch, stop));
        }

        var outcome = await lists.ReadAsync(() => store.ListAsync(type, query.List, context.RequestAborted), context.RequestAborted);
        return outcome is ListOutcome<T>.Ok ok
            ? new ListDocument<T>(type, ok.List)
            : ApiResults.Failure(ResourceAnswers<T>.FailureOf(outcome));
    }

    private async Task<IResult> GetAsync(HttpContext context, ResourceKey key)
    {
        var (conditions, failure) = RequestConditions.Read(context.Request);
        return conditions is null
            ? ApiResults.Failure(failure!)
            : answers.Of(await store.GetAsync(type, key, context.RequestAborted), key.Name, conditions);
    }

    private async Task<IResult> CreateAsync(HttpContext context, string ns)
    {
        var (offered, failure) = await RequestBody.ReadAsync(type, context);
        failure ??= NamespaceMismatch(offered!.Metadata, ns);
        return failure is not null
            ? ApiResults.Failure(failure)
            : await writer.CreateAsync(type.WithMetadata(offered!, offered!.Metadata with { Namespace = ns }), context.RequestAborted);
    }

    private async Task<IResult> PutAsync(HttpContext context, ResourceKey key)
    {
        var (offered, failure) = await RequestBody.ReadAsync(type, context);
        var (conditions, malformed) = RequestConditions.Read(context.Request);
        failure ??= malformed ?? NamespaceMismatch(offered!.Metadata, key.Namespace) ?? NameMismatch(offered!.Metadata, key.Name);
        return failure is not null
            ? ApiResults.Failure(failure)
            : await writer.PutAsync(type.WithMetadata(offered!, offered!.Metadata with { Namespace = key.Namespace, Name = key.Name }), conditions!, context.RequestAborted);
    }

    private async Task<IResult> DeleteAsync(HttpContext context, ResourceKey key)
    {
        var (options, failure) = await RequestBody.ReadDeleteOptionsAsync(context);
        var (conditions, malformed) = RequestConditions.Read(context.Request);
        return (failure ?? malformed) is { } wrong
            ? ApiResults.Failure(wrong)
            : await writer.DeleteAsync(key, new DeletePreconditions(options!.Preconditions?.Uid, options.Preconditions?.ResourceVersion), conditions!, context.RequestAborted);
    }

    private static ApiFailure? NamespaceMismatch(ObjectMeta metadata, string? ns) => metadata.Namespace is null || metadata.Namespace == ns
        ? null
        : ApiFailure.BadRequest("metadata.namespace is not the namespace of the path; leave it out, or send it there.");

    private static ApiFailure? NameMismatch(ObjectMeta metadata, string name) => metadata.Name.Length == 0 || metadata.Name == name
        ? null
        : ApiFailure.BadRequest("metadata.name is not the name of the path; leave it out, or send it there.");
}
