using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Operator.Sessions;
using Harmony.Fleet.Ports.Resources;
using Microsoft.OpenApi;

namespace Harmony.Fleet.Operator.Api;

/// <summary>Commands to devices: ping and logs.</summary>
/// <param name="commands">Asks devices.</param>
/// <param name="store">Which devices there are.</param>
/// <param name="clock">The time.</param>
internal sealed class CommandEndpoints(IDeviceCommands commands, IResourceStore store, TimeProvider clock)
{
    /// <summary>Adds the paths.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/devices/{name}/ping", (HttpContext context, string name) => PingAsync(name, context.RequestAborted))
            .WithSummary("Ask a device for a sign of life").Produces<PingResult>().Fails(400, 404, 502, 503, 504);
        routes.MapGet("/api/v1/devices/{name}/logs", (HttpContext context, string name) => LogsAsync(context, name))
            .WithSummary("A container's log, as lines of pieces")
            .Takes("namespace", JsonSchemaType.String, "The deployment's namespace")
            .Takes("deployment", JsonSchemaType.String, "The deployment")
            .Takes("container", JsonSchemaType.String, "The container; the only or first one without it")
            .Takes("tail", JsonSchemaType.Integer, "How many of the last lines, 1 to 10000; default 100")
            .Takes("follow", JsonSchemaType.Boolean, "Go on with new lines as they come")
            .Produces<LogLine>(200, NdjsonStream.MediaType).Fails(400, 404, 502, 503, 504);
    }

    private async Task<IResult> PingAsync(string name, CancellationToken cancellationToken)
    {
        var (device, failure) = await FindAsync(name, cancellationToken);
        if (failure is not null)
        {
            return ApiResults.Failure(failure);
        }

        var start = clock.GetTimestamp();
        return await commands.PingAsync(device, cancellationToken) switch
        {
            CommandOutcome<PingReply>.Answered answered => ApiResults.Document(
                new PingResult
                {
                    Device = device,
                    AgentVersion = answered.Value.AgentVersion,
                    UptimeSeconds = answered.Value.UptimeSeconds,
                    RoundTripMilliseconds = Math.Round(clock.GetElapsedTime(start).TotalMilliseconds, 3),
                },
                ContractsJson.Api.PingResult),
            var other => ApiResults.Failure(FailureOf(other)),
        };
    }

    private async Task<IResult> LogsAsync(HttpContext context, string name)
    {
        var (request, wrong) = ReadRequest(context.Request);
        if (request is null)
        {
            return ApiResults.Failure(wrong!);
        }

        var (device, failure) = await FindAsync(name, context.RequestAborted);
        if (failure is not null)
        {
            return ApiResults.Failure(failure);
        }

        return await commands.LogsAsync(device, request, context.RequestAborted) switch
        {
            CommandOutcome<ILogSession>.Answered answered => new LogStreamResult(answered.Value),
            CommandOutcome<ILogSession>.Failed failed when failed.Reason == request.NotFoundOn(device) => ApiResults.Failure(ApiFailure.NotFound(failed.Reason)),
            var other => ApiResults.Failure(FailureOf(other)),
        };
    }

    private async Task<(DeviceId Device, ApiFailure? Failure)> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (!DeviceId.TryParse(name, out var device))
        {
            return (default, ApiFailure.NotFound(ResourceTypes.Devices.NotFound(name)));
        }

        var found = await store.GetAsync(ResourceTypes.Devices, new ResourceKey(null, name), cancellationToken);
        return (device, found is StoreOutcome<Device>.Ok ? null : new ResourceAnswers<Device>(ResourceTypes.Devices).FailureOf(found, name));
    }

    private static ApiFailure FailureOf<T>(CommandOutcome<T> outcome) => outcome switch
    {
        CommandOutcome<T>.DeviceUnreachable away => ApiFailure.Timeout(away.Reason),
        CommandOutcome<T>.Failed failed => new ApiFailure(StatusCodes.Status502BadGateway, StatusReasons.InternalError, failed.Reason),
        _ => throw new InvalidOperationException($"The outcome {outcome} is not handled."),
    };

    private static (LogsRequest? Request, ApiFailure? Failure) ReadRequest(HttpRequest request)
    {
        var query = new RequestQuery(request);
        var problem = !NamespaceName.TryParse(query["namespace"], out var ns) | !DeploymentName.TryParse(query["deployment"], out var deployment)
            ? "namespace and deployment say whose log, and both are needed"
            : query["container"] is { } container && !DnsLabel.IsValid(container) ? $"container is {DnsLabel.Rule}"
            : !query.TryNumber("tail", out var tail) || tail is < 1 or > CommandLimits.MaxTail ? $"tail is a number from 1 to {CommandLimits.MaxTail}"
            : !query.TryFlag("follow", out _) ? "follow is true or false"
            : null;
        if (problem is not null)
        {
            return (null, RequestQuery.Wrong(problem));
        }

        query.TryNumber("tail", out var lines);
        query.TryFlag("follow", out var follow);
        return (new LogsRequest { Namespace = ns, Name = deployment, Container = query["container"], Tail = lines, Follow = follow }, null);
    }
}
