using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Core.Aggregation;

/// <summary>What a device says of one deployment, as small as it can be kept: there are as many as there are pairs in the fleet.</summary>
/// <param name="Key">Which deployment.</param>
/// <param name="Identity">Which version of it.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="Error">What went wrong; null for nothing.</param>
public readonly record struct ReportedDeployment(DeploymentKey Key, ScoreIdentity Identity, Phase Phase, DeviceError? Error)
{
    /// <summary>Reads a deployment of a report. An error from the device's future is dated back to <paramref name="now"/>, so that it cannot stay the newest one for ever.</summary>
    public static ReportedDeployment Of(DeviceId device, DeploymentReport report, DateTimeOffset now)
    {
        var error = report.LastError is null
            ? null
            : new DeviceError { Device = device, Message = ErrorText.Cut(report.LastError), At = ToMillisecond(report.Since < now ? report.Since : now) };
        return new(new(report.Namespace, report.Name), new(report.Uid, report.ScoreDigest), report.Phase, error);
    }

    // As it will be stored, so that what comes back from the store is the same.
    private static DateTimeOffset ToMillisecond(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
