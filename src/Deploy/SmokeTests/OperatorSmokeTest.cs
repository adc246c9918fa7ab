using Harmony.Fleet.Deploy.Outcomes;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.Scores;

namespace Harmony.Fleet.Deploy.SmokeTests;

/// <summary>An operator stands when it says that it is ready.</summary>
internal static class OperatorSmokeTest
{
    /// <summary>Waits until it does.</summary>
    public static async Task<Fault?> RunAsync(OperatorStanding standing, IRunningProcess process, TimeProvider time, CancellationToken cancellationToken)
    {
        using var api = new SmokeApi(standing);
        return await Patience.UntilAsync(process, api.ReadyAsync, time, cancellationToken);
    }
}
