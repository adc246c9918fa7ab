using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Core.Aggregation;

/// <summary>How one pair stands, and its error.</summary>
/// <param name="State">Its state.</param>
/// <param name="Error">What went wrong with the current version; null for nothing.</param>
/// <param name="IsCompleted">Whether it succeeded, and is over.</param>
public readonly record struct Verdict(PairState State, DeviceError? Error, bool IsCompleted = false)
{
    /// <summary>The state of a pair (design D15): nothing but Running with the right uid and digest on a reachable device is a success.</summary>
    /// <param name="isReachable">Whether the device is.</param>
    /// <param name="current">What the device says of the version that its manifest names; null where it says nothing of it, or the deployment has no place on it.</param>
    public static Verdict Of(bool isReachable, (Phase Phase, DeviceError? Error, bool IsCompleted)? current)
    {
        var state = (isReachable, current?.Phase) switch
        {
            (false, _) => PairState.Unreachable,
            (_, Phase.Running) => PairState.Succeeded,
            (_, Phase.Failed) => PairState.Failed,
            _ => PairState.Pending,
        };
        return new(state, current?.Error, state == PairState.Succeeded && current!.Value.IsCompleted);
    }
}

/// <summary>How one deployment stands on one device that it matches. Each pair is in exactly one of these.</summary>
public enum PairState : byte
{
    /// <summary>Reachable, and on its way.</summary>
    Pending,

    /// <summary>Reachable, and Running with the uid and score digest that the manifest names.</summary>
    Succeeded,

    /// <summary>Reachable, and Failed with the current score.</summary>
    Failed,

    /// <summary>Not reachable: what it runs cannot be told.</summary>
    Unreachable,
}

/// <summary>Which deployment, in which version: what a manifest names and a report must repeat to count.</summary>
/// <param name="Uid">The resource's uid.</param>
/// <param name="ScoreDigest">The digest of its plain score.</param>
public sealed record ScoreIdentity(string Uid, Digest ScoreDigest);

/// <summary>What a device says of one deployment, as small as it can be kept: there are as many as there are pairs in the fleet.</summary>
/// <param name="Key">Which deployment.</param>
/// <param name="Identity">Which version of it.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="Error">What went wrong; null for nothing.</param>
/// <param name="IsCompleted">Whether all of its containers were to end, and ended well.</param>
public readonly record struct ReportedDeployment(DeploymentKey Key, ScoreIdentity Identity, Phase Phase, DeviceError? Error, bool IsCompleted = false)
{
    /// <summary>Reads a deployment of a report. An error from the device's future is dated back to <paramref name="now"/>, so that it cannot stay the newest one for ever.</summary>
    public static ReportedDeployment Of(DeviceId device, DeploymentReport report, DateTimeOffset now)
    {
        var error = report.LastError is null
            ? null
            : new DeviceError { Device = device, Message = ErrorText.Cut(report.LastError), At = ToMillisecond(report.Since < now ? report.Since : now) };
        return new(new(report.Namespace, report.Name), new(report.Uid, report.ScoreDigest), report.Phase, error, report.Completed);
    }

    // As it will be stored, so that what comes back from the store is the same.
    private static DateTimeOffset ToMillisecond(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
