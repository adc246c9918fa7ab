using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Selectors;
using Harmony.Fleet.Operator.Recovery;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Api;

/// <summary>What the store lost and devices still run: shown, taken back, or given up. Each decision is on disk before it is answered.</summary>
internal sealed class RecoveryEndpoints(LostIntent lost, Adoption adoption, IResourceStore store, IStoreHistory? history)
{
    private const string Root = "/api/v1/recovery";
    private const int MaxItems = 100;

    /// <summary>Adds the paths.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Root, (Delegate)((HttpContext context) => GuardAsync(() => ListAsync(context.RequestAborted))))
            .WithSummary("The deployments that devices run and the store has lost").Produces<LostDeployments>().Fails(503);
        routes.MapPost(Root + "/adopt", (Delegate)((HttpContext context) => GuardAsync(() => AdoptAsync(context))))
            .WithSummary("Take lost deployments back into the store as they stand on the devices: no container is touched")
            .Accepts<RecoveryRequest>(ApiResults.Json).Produces<RecoveryResults>().Fails(400, 413, 503);
        routes.MapPost(Root + "/drop", (Delegate)((HttpContext context) => GuardAsync(() => DropAsync(context))))
            .WithSummary("Count lost deployments as removed: their containers are removed from all devices")
            .Accepts<RecoveryRequest>(ApiResults.Json).Produces<RecoveryResults>().Fails(400, 413, 503);
        routes.MapPost(Root + "/acknowledge", (Delegate)((HttpContext context) => AcknowledgeAsync(context.RequestAborted)))
            .WithSummary("Take notice that the store lost acknowledged writes: it is told no more").Produces<RecoveryResults>().Fails(503);
    }

    private async Task<IResult> AcknowledgeAsync(CancellationToken cancellationToken) =>
        history is not null && await history.AcknowledgeLostAsync(cancellationToken) is { } problem
            ? ApiResults.Failure(ApiFailure.Unavailable(problem))
            : ApiResults.Document(new RecoveryResults(), ContractsJson.Api.RecoveryResults);

    private static async Task<IResult> GuardAsync(Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (IOException away)
        {
            return ApiResults.Failure(ApiFailure.Unavailable(away.Message));
        }
    }

    private async Task<IResult> ListAsync(CancellationToken cancellationToken)
    {
        var found = await lost.FindAsync(cancellationToken);
        return ApiResults.Document(
            new LostDeployments
            {
                LostWrites = history?.Lost is { } writes ? new LostWritesItem { From = writes.From, Until = writes.Until, FoundAt = writes.At } : null,
                Items =
                [
                    .. found.Select(one => new LostDeploymentItem
                    {
                        Namespace = one.Key.Namespace.Value,
                        Name = one.Key.Name.Value,
                        Uids = one.Uids,
                        ScoreDigests = [.. one.Entries.Select(entry => entry.Entry.ScoreDigest).Distinct()],
                        Devices = one.Devices,
                        KnownBy = one.KnownBy,
                        Since = one.Since,
                    }),
                ],
            },
            ContractsJson.Api.LostDeployments);
    }

    private async Task<IResult> AdoptAsync(HttpContext context)
    {
        var (request, failure) = await ReadAsync(context);
        if (failure is not null)
        {
            return ApiResults.Failure(failure);
        }

        LabelSelector? selector = null;
        if (request!.Selector is { } text)
        {
            if (text.Length == 0 || SelectorText.Parse(text) is not SelectorTextOutcome.Parsed parsed)
            {
                return ApiResults.Failure(ApiFailure.BadRequest($"selector: '{text}' is no selector; leave it out for exactly the devices that have it."));
            }

            selector = parsed.LabelSelector;
        }

        var labels = selector is null ? ImmutableDictionary<string, LabelSet>.Empty : await LabelsAsync(context.RequestAborted);
        return await AnswerAsync(request, (one, _) => adoption.AdoptAsync(one, selector, labels, context.RequestAborted), context.RequestAborted);
    }

    private async Task<IResult> DropAsync(HttpContext context)
    {
        var (request, failure) = await ReadAsync(context);
        if (failure is not null)
        {
            return ApiResults.Failure(failure);
        }

        return request!.Items.Any(item => item.Uids.IsEmpty) || request.Selector is not null
            ? ApiResults.Failure(ApiFailure.BadRequest("items[].uids: say which were shown, and no selector: only what was seen is dropped."))
            : await AnswerAsync(request, (one, item) => DropAsync(one, item, context.RequestAborted), context.RequestAborted);
    }

    private async Task<string?> DropAsync(LostOne one, RecoveryItem item, CancellationToken cancellationToken)
    {
        var key = new ResourceKey(one.Key.Namespace.Value, one.Key.Name.Value);
        ImmutableArray<string> uids = [.. item.Uids.Intersect(one.Uids, StringComparer.Ordinal)];
        return await store.DeclareRemovedAsync(ResourceTypes.Deployments, [.. uids.Select(uid => new LostResource(key, uid))], cancellationToken) switch
        {
            RemovedOutcome.Known known when known.Removed.Length == uids.Length && uids.Length == one.Uids.Length => null,
            RemovedOutcome.Known => "others of its name stand on devices, or it was applied again in between: see what is left",
            RemovedOutcome.NotKept => "this store does not remember what was removed: apply it again, and delete it",
            RemovedOutcome.Unavailable away => away.Reason,
            var other => throw new InvalidOperationException($"The outcome {other} is not handled."),
        };
    }

    private static async Task<(RecoveryRequest? Request, ApiFailure? Failure)> ReadAsync(HttpContext context)
    {
        var (request, failure) = await RequestBody.ReadRecoveryAsync(context);
        return failure is not null ? (null, failure)
            : request!.KnownBy is not (null or LossWitness.Manifest) ? (null, ApiFailure.BadRequest($"knownBy: only '{LossWitness.Manifest}' can be demanded; leave it out for whatever items names."))
            : request.Items.Length > MaxItems || (request.Items.IsEmpty && request.KnownBy is null) || request.Items.Any(item => item is null)
                ? (null, ApiFailure.BadRequest($"items: name 1 to {MaxItems} deployments, or none and say knownBy: {LossWitness.Manifest}."))
                : (request, null);
    }

    private async Task<IResult> AnswerAsync(RecoveryRequest request, Func<LostOne, RecoveryItem, Task<string?>> decide, CancellationToken cancellationToken)
    {
        var all = await lost.FindAsync(cancellationToken);
        var found = all.ToDictionary(one => (one.Key.Namespace.Value, one.Key.Name.Value));
        var results = ImmutableArray.CreateBuilder<RecoveryResult>();
        foreach (var item in request.Items.IsEmpty ? all.Select(ItemOf) : request.Items)
        {
            var one = found.GetValueOrDefault((item.Namespace, item.Name));
            var message = one is null ? "it is not lost: it is in the store, or was removed"
                : request.KnownBy is not null && one.KnownBy != request.KnownBy ? "devices alone say that they run it, and may have invented it: name it to decide about it"
                : results.Count(result => result.Done) >= MaxItems ? $"{MaxItems} were decided, which is the most at once: ask again"
                : await decide(one, item);
            results.Add(new RecoveryResult { Namespace = item.Namespace, Name = item.Name, Done = message is null, Devices = one?.Devices.Length ?? 0, Message = message });
        }

        return ApiResults.Document(new RecoveryResults { Items = results.ToImmutable() }, ContractsJson.Api.RecoveryResults);
    }

    private static RecoveryItem ItemOf(LostOne one) => new() { Namespace = one.Key.Namespace.Value, Name = one.Key.Name.Value, Uids = one.Uids };

    private async Task<ImmutableDictionary<string, LabelSet>> LabelsAsync(CancellationToken cancellationToken) =>
        await store.ListAsync(ResourceTypes.Devices, new(), cancellationToken) switch
        {
            ListOutcome<Device>.Ok all => all.List.Items.ToImmutableDictionary(device => device.Metadata.Name, device => LabelSet.Of(device.Metadata.Labels)),
            ListOutcome<Device>.Unavailable away => throw new IOException(away.Reason),
            var other => throw new IOException($"The store does not list its Devices: {other}"),
        };
}
