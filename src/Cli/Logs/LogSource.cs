using System.Text.Json;
using Harmony.Fleet.Cli.Devices;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Layout;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Logs;

/// <summary>The log of a deployment's container on one device, and whose it is.</summary>
internal sealed class LogSource(CliHost host, FleetClient client, string device, LogQuery query)
{
    /// <summary>The device.</summary>
    public string Device => device;

    /// <summary>How it is named in prose.</summary>
    public string Title => $"{query.Namespace}/{query.Deployment} on {device}";

    /// <summary>Opens it, with at most so many of its last lines; null for as many as were asked for.</summary>
    public async Task<Outcome<LineStream>> OpenAsync(int? tail, CancellationToken cancellationToken)
    {
        var opened = await client.LogsAsync(device, tail is null ? query : query with { Tail = tail }, cancellationToken);

        // While a log is followed its absence is no news.
        return opened is { Fault: { Kind: FaultKind.NotFound, Advice.Length: 0 } missing } && tail is null ? await AdvisedAsync(missing, cancellationToken) : opened;
    }

    /// <summary>Takes a line of the answer.</summary>
    /// <returns>Why the log ends here; null where it goes on.</returns>
    public Fault? Take(byte[] bytes, LogLines lines)
    {
        try
        {
            var line = JsonSerializer.Deserialize(bytes, ContractsJson.Api.LogLine);
            if (line?.Error is { } error)
            {
                return Fault.Permanent(Prose.Inner(error.TrimEnd('.')));
            }

            lines.Write(line?.Stream ?? string.Empty, line?.Text ?? string.Empty);
            return null;
        }
        catch (JsonException)
        {
            return ApiErrors.NotUnderstood(client.Server);
        }
    }

    /// <summary>The container as the device last reported it; null where nobody knows.</summary>
    public async Task<ContainerReport?> ContainerAsync(CancellationToken cancellationToken)
    {
        var report = await new ReportReader(client).ReadAsync(device, cancellationToken);
        return report?.Deployments
            .FirstOrDefault(item => item.Namespace.Value == query.Namespace && item.Name.Value == query.Deployment)?.Containers
            .Where(container => query.Container is null || container.Name == query.Container)
            .MinBy(container => container.Name, StringComparer.Ordinal);
    }

    /// <summary>Why there is nothing to follow any more: the deployment is gone, or not for this device, or nobody may ask; null where there may be.</summary>
    public async Task<Fault?> OverAsync(CancellationToken cancellationToken)
    {
        var deployment = await client.GetAsync(ResourceTypes.Deployments, query.Namespace, query.Deployment, cancellationToken);
        var isMatched = deployment.IsOk ? await new DevicePicker(client).MatchesAsync(deployment.Value.Resource, device, cancellationToken) : deployment.Fault;
        return isMatched switch
        {
            { Fault: { } fault } when fault.Reason == StatusReasons.NotFound => Over($"{(deployment.IsOk ? $"device {device}" : $"deployment {query.Namespace}/{query.Deployment}")} is deleted"),
            { Fault: { Kind: FaultKind.NotAllowed } fault } => fault,
            { IsOk: true, Value: false } => Over($"deployment {query.Namespace}/{query.Deployment} is not meant for {device} any more"),
            _ => null,
        };
    }

    /// <summary>There is no such container on the device: whether there is such a deployment, whether it is meant for the device, and what its containers are.</summary>
    private async Task<Fault> AdvisedAsync(Fault missing, CancellationToken cancellationToken)
    {
        var fetched = await client.GetAsync(ResourceTypes.Deployments, query.Namespace, query.Deployment, cancellationToken);
        if (!fetched.IsOk)
        {
            return fetched.Fault.Kind == FaultKind.NotFound ? fetched.Fault : missing;
        }

        var names = (fetched.Value.Resource.Spec.Score.PodmanV0?.Containers ?? []).Select(container => container.Name).ToList();
        if (query.Container is not null && names.Count > 0 && !names.Contains(query.Container, StringComparer.Ordinal))
        {
            return missing with { Advice = names is [var only] ? $"its container is {only}" : $"its containers are {string.Join(", ", names.SkipLast(1))} and {names[^1]}" };
        }

        var see = host.Line($"describe deployment {query.Deployment}{FleetClient.NamespaceFlag(query.Namespace)}");
        var isMatched = await new DevicePicker(client).MatchesAsync(fetched.Value.Resource, device, cancellationToken);
        return missing with { Advice = isMatched is { IsOk: true, Value: false } ? $"it is not meant for this device, see for which it is with {see}" : $"see how far it is with {see}" };
    }

    private static Fault Over(string what) => new(FaultKind.NotFound, what, "there is nothing more to follow");
}
