using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>
/// A report's bytes, never more than <see cref="WireLimits.MaxDocumentBytes"/>. What does not fit is left out in a fixed order: error
/// texts, the oldest first; then the containers of running deployments; then all containers. Phases are never left out.
/// </summary>
public static class ReportDocument
{
    /// <summary>The bytes of <paramref name="report"/>.</summary>
    public static byte[] ToBytes(DeviceReport report)
    {
        var bytes = Serialize(report);
        var oldestFirst = report.Deployments.Where(item => item.LastError is not null).OrderBy(item => item.Since).ThenBy(KeyOf).Select(KeyOf).ToArray();
        for (var cut = 0; cut < oldestFirst.Length && bytes.Length > WireLimits.MaxDocumentBytes; cut++)
        {
            var key = oldestFirst[cut];
            report = Change(report, item => KeyOf(item) == key ? item with { LastError = null } : item);
            bytes = Serialize(report);
        }

        if (bytes.Length > WireLimits.MaxDocumentBytes)
        {
            bytes = Serialize(Change(report, item => item.Phase == Phase.Running ? item with { Containers = [] } : item));
        }

        return bytes.Length > WireLimits.MaxDocumentBytes ? Serialize(Change(report, item => item with { Containers = [] })) : bytes;
    }

    private static byte[] Serialize(DeviceReport report) => JsonSerializer.SerializeToUtf8Bytes(report, ContractsJson.Bus.DeviceReport);

    private static Contracts.Names.DeploymentKey KeyOf(DeploymentReport item) => new(item.Namespace, item.Name);

    private static DeviceReport Change(DeviceReport report, Func<DeploymentReport, DeploymentReport> change) =>
        report with { Deployments = [.. report.Deployments.Select(change)] };
}
