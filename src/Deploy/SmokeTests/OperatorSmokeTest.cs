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
    private static readonly TimeSpan ShortestPing = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LongestPing = TimeSpan.FromSeconds(4);

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
        var limit = ShortestPing;
        return await Readiness.UntilAsync(process, async token => await api.ReachableAsync(device, token) ?? await PingAsync(token), time, cancellationToken);

        async Task<string?> PingAsync(CancellationToken token)
        {
            var silence = await api.PingAsync(device, limit, token);
            // A machine that is slow is given longer each time.
            limit = limit < LongestPing ? 2 * limit : LongestPing;
            return silence;
        }
    }
}
