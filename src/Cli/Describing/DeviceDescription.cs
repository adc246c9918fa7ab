using Harmony.Fleet.Cli.Devices;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Describing;

/// <summary><c>fleet describe device</c>.</summary>
internal sealed class DeviceDescription(CliHost host, FleetClient client)
{
    private static readonly ColumnShape[] Columns =
        [new("DEPLOYMENT") { Least = 16, CutsMiddle = true }, "PHASE", "SINCE", new("SCORE") { Rank = 1 }, "DETAIL"];

    /// <summary>Describes a device.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(string name, CancellationToken cancellationToken)
    {
        var fetched = await client.GetAsync(ResourceTypes.Devices, null, name, cancellationToken);
        if (!fetched.IsOk)
        {
            return host.Fail(fetched.Fault);
        }

        var device = fetched.Value.Resource;
        var report = await new ReportReader(client).ReadAsync(name, cancellationToken);
        var heartbeats = await new HeartbeatReader(client, host.Time).ReadAsync(name, cancellationToken);
        var now = host.Time.GetUtcNow();
        var sheet = new Sheet(host.Console);
        sheet.Field("Name", name).Field("Status", DeviceState.Word(device)).Field("Agent", device.Status?.AgentVersion ?? string.Empty);
        sheet.Field("Age", Age.Of(device.Metadata.CreationTimestamp, now));
        sheet.Field("Last seen", new TableFacts(now, heartbeats).Seen(device) is var seen && char.IsAsciiDigit(seen[0]) ? $"{seen} ago" : seen);
        WriteLabels(sheet, device);
        WriteInventory(sheet, device.Spec.Inventory);
        ConditionTable.Write(sheet, device.Status?.Conditions ?? [], now);
        WriteReport(sheet, report, now);
        host.Console.Out.Write(sheet.ToString());
        return ExitCode.Done;
    }

    private static void WriteLabels(Sheet sheet, Device device) => sheet.Section("Labels", () =>
    {
        foreach (var (key, value) in device.Metadata.Labels)
        {
            var by = device.Spec.Labels.ContainsKey(key) ? "administrator" : device.Status?.ReportedLabels.ContainsKey(key) == true ? "device" : "control plane";
            sheet.Line($"{key}={value} (by the {by})");
        }
    });

    private static void WriteInventory(Sheet sheet, Inventory? inventory) => sheet.Section("Inventory", () =>
    {
        if (inventory is null)
        {
            return;
        }

        sheet.Field("Hostname", inventory.Hostname).Field("Model", inventory.Model).Field("Architecture", inventory.Architecture);
        sheet.Field("System", inventory.OperatingSystem).Field("Kernel", inventory.Kernel).Field("Podman", inventory.PodmanVersion);
        sheet.Field("Cpus", inventory.Cpus > 0 ? $"{inventory.Cpus}" : string.Empty);
        sheet.Field("Memory", inventory.MemoryBytes > 0 ? SizeText.Of(inventory.MemoryBytes) : string.Empty);
        sheet.Field("Disk", inventory.DiskBytes > 0 ? SizeText.Of(inventory.DiskBytes) : string.Empty);
    });

    private static void WriteReport(Sheet sheet, DeviceReport? report, DateTimeOffset now)
    {
        if (report is null)
        {
            return;
        }

        sheet.Section("Manifest", () => sheet
            .Field("Generation", report.ManifestGeneration is { } generation ? $"{generation}" : "none")
            .Field("Digest", report.ManifestDigest is { } digest ? digest.Short : string.Empty)
            .Field("Refused", report.Refusal is { } refusal ? $"{refusal.Reason}: {refusal.Message} ({Age.Of(refusal.At, now)} ago)" : string.Empty)
            .Field("Reported", $"{Age.Of(report.At, now)} ago"));
        sheet.Section("Deployments", () => sheet.Table(
            Columns,
            [.. report.Deployments.Select(item => (Cell[])[$"{item.Namespace}/{item.Name}", ReportState.Word(item), Age.Of(item.Since, now), item.ScoreDigest.Short, Detail(item)])]));
    }

    private static string Detail(DeploymentReport item) =>
        item.LastError ?? string.Join(", ", item.Containers.Select(container => $"{container.Name} {container.State}"));
}
