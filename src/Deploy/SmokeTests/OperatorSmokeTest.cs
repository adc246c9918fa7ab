using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Deploy.SmokeTests;

/// <summary>What an operator's API says of the operator itself and of its devices.</summary>
/// <param name="url">The API.</param>
/// <param name="tokenFile">The file with its token.</param>
/// <param name="time">The clock.</param>
internal sealed class OperatorSmokeTest(Uri url, string tokenFile, TimeProvider time)
{
    /// <summary>An operator stands when it says that it is ready. Waits until it does.</summary>
    /// <returns>Null, or why it does not.</returns>
    public async Task<Fault?> OperatorAsync(IRunningProcess process, CancellationToken cancellationToken)
    {
        using var api = new SmokeApi(url, tokenFile);
        return await Readiness.UntilAsync(process, api.ReadyAsync, time, cancellationToken);
    }

    /// <summary>An agent stands when the operator holds its device for reachable, and the device answers a ping through it. Waits until both are so.</summary>
    /// <returns>Null, or why it does not.</returns>
    public async Task<Fault?> AgentAsync(DeviceId device, IRunningProcess process, CancellationToken cancellationToken)
    {
        using var api = new SmokeApi(url, tokenFile);
        return await Readiness.UntilAsync(
            process, async token => await api.ReachableAsync(device, token) ?? await api.PingAsync(device, token), time, cancellationToken);
    }
}
