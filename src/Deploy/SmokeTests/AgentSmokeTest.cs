using Harmony.Fleet.Deploy.Outcomes;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.Scores;

namespace Harmony.Fleet.Deploy.SmokeTests;

/// <summary>An agent stands when the operator holds its device for reachable, and the device answers a ping through it.</summary>
internal static class AgentSmokeTest
{
    /// <summary>Waits until it does.</summary>
    public static async Task<Fault?> RunAsync(
        AgentStanding agent, OperatorStanding standing, IRunningProcess process, TimeProvider time, CancellationToken cancellationToken)
    {
        using var api = new SmokeApi(standing);
        return await Patience.UntilAsync(
            process, async token => await api.ReachableAsync(agent.Device, token) ?? await api.PingAsync(agent.Device, token), time, cancellationToken);
    }
}
