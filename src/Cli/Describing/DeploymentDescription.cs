using System.Collections.Immutable;
using Harmony.Fleet.Cli.Devices;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Describing;

/// <summary><c>fleet describe deployment</c>.</summary>
internal sealed class DeploymentDescription(CliHost host, FleetClient client)
{
    private const int MaxDevices = 50;

    private static readonly ColumnShape[] Columns =
        [new("DEVICE") { Least = 16, CutsMiddle = true }, "PHASE", "SINCE", new("RESTARTS") { IsNumber = true, Rank = 1 }, "DETAIL"];

    /// <summary>Describes a deployment.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(string space, string name, CancellationToken cancellationToken)
    {
        var fetched = await client.GetAsync(ResourceTypes.Deployments, space, name, cancellationToken);
        if (!fetched.IsOk)
        {
            return host.Fail(fetched.Fault);
        }

        var deployment = fetched.Value.Resource;
        var matched = await new DevicePicker(client).MatchedAsync(deployment, cancellationToken);
        var shown = (matched.IsOk ? matched.Value : [])
            .OrderBy(device => device.Metadata.Name, NaturalOrder.Names).Take(MaxDevices).ToImmutableArray();
        var reports = await new ReportReader(client).ReadAsync([.. shown.Select(device => device.Metadata.Name)], cancellationToken);
        var sheet = new Sheet(host.Console);
        WriteSpec(sheet, deployment);
        WriteStatus(sheet, deployment);
        sheet.Section("Devices", () =>
        {
            sheet.Table(Columns, [.. shown.Zip(reports, (device, report) => Row(deployment, device, report))]);
            if (matched.IsOk && matched.Value.Length > shown.Length)
            {
                sheet.Line($"{host.Console.Glyphs.Ellipsis} {matched.Value.Length - shown.Length} more; see all with {host.Line("get devices")}");
            }
        });
        host.Console.Out.Write(sheet.ToString());
        return ExitCode.Done;
    }

    private void WriteSpec(Sheet sheet, Deployment deployment)
    {
        var metadata = deployment.Metadata;
        sheet.Field("Name", metadata.Name).Field("Namespace", metadata.Namespace ?? string.Empty).Field("Status", DeploymentState.Word(deployment));
        sheet.Field("Generation", $"{metadata.Generation}").Field("Age", Age.Of(metadata.CreationTimestamp, host.Time.GetUtcNow()));
        sheet.Field("Labels", metadata.Labels.IsEmpty ? string.Empty : DeviceState.Labels(metadata.Labels));
        sheet.Field("Deleting", metadata.DeletionTimestamp is null ? string.Empty : $"held by {string.Join(", ", metadata.Finalizers)}");
        sheet.Field("Selector", DeploymentState.Selector(deployment));
        sheet.Field("Restart", $"{deployment.Spec.Score.PodmanV0?.RestartPolicy ?? Contracts.Scores.RestartPolicy.Always}");
        sheet.Field("Grace", $"{deployment.Spec.Score.PodmanV0?.TerminationGracePeriodSeconds ?? 10}s");
        ContainerText.Write(sheet, deployment.Spec.Score.PodmanV0);
    }

    private void WriteStatus(Sheet sheet, Deployment deployment)
    {
        if (deployment.Status is not { } status)
        {
            return;
        }

        var aggregate = status.Aggregate;
        sheet.Section("Observed", () => sheet
            .Field("Generation", $"{status.ObservedGeneration}")
            .Field("Matched", $"{aggregate.MatchedDeviceCount}")
            .Field("Succeeded", $"{aggregate.Succeeded}")
            .Field("Completed", aggregate.Completed > 0 ? $"{aggregate.Completed}" : string.Empty)
            .Field("Failed", new Cell($"{aggregate.Failed}", aggregate.Failed > 0 ? Color.Red : Color.None))
            .Field("Pending", $"{aggregate.Pending}")
            .Field("Unreachable", $"{aggregate.Unreachable}")
            .Field("Last error", aggregate.LastError is { } error ? $"{error.Device}: {error.Message} ({Age.Of(error.At, host.Time.GetUtcNow())} ago)" : string.Empty));
        ConditionTable.Write(sheet, status.Conditions, host.Time.GetUtcNow());
    }

    private Cell[] Row(Deployment deployment, Device device, DeviceReport? report)
    {
        var metadata = deployment.Metadata;
        var isReachable = DevicePicker.IsReachable(device);
        var found = report?.Deployments.FirstOrDefault(item => item.Namespace.Value == metadata.Namespace && item.Name.Value == metadata.Name && item.Uid == metadata.Uid);
        if (found is null)
        {
            return [device.Metadata.Name, new Cell(isReachable ? "Pending" : "Unreachable", isReachable ? Color.Yellow : Color.Red), "-", "-", string.Empty];
        }

        var word = ReportState.Word(found);
        var phase = isReachable ? word : new Cell($"{word.Text}, unreachable", Color.Red);
        var containers = string.Join(", ", found.Containers.Select(container => $"{container.Name} {container.State} {container.Id[..Math.Min(12, container.Id.Length)]}"));
        return [device.Metadata.Name, phase, Age.Of(found.Since, host.Time.GetUtcNow()), $"{found.Containers.Sum(container => container.Restarts)}", found.LastError ?? containers];
    }
}
