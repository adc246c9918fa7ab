namespace Harmony.Fleet.Contracts.Api;

/// <summary>How an operator stands: the answer of <c>GET /api/v1/status</c>.</summary>
public sealed record OperatorStatus
{
    /// <summary><c>recovering</c> (it began, or was blind, and has not seen all of what stands), <c>converging</c> (something changed, and is being written) or <c>converged</c>.</summary>
    public string Phase { get => field ?? string.Empty; init; }

    /// <summary>How much of that is done: 100 when all is, and at most 99 before.</summary>
    public int Percent { get; init; }

    /// <summary>The devices that it knows.</summary>
    public int Devices { get; init; }

    /// <summary>Those of them whose manifest is still to be written, or verified.</summary>
    public int UnsettledDevices { get; init; }

    /// <summary>
    /// Those of them that are given nothing before they report what they hold, which is not known: that keeps no fleet from being <c>converged</c>. A device of which it has been so for
    /// 30 s has the condition <c>AwaitingReport</c>.
    /// </summary>
    public int AwaitingReport { get; init; }

    /// <summary>The deployments that devices run and the store has lost; without those of which one device alone says so, which are <see cref="UnknownDeployments"/>.</summary>
    public int LostDeployments { get; init; }

    /// <summary>
    /// The deployments of which one device alone says that it runs them, by a manifest that nobody here knows: lost with the bus and the store together, or invented by that device. Its Device
    /// has the condition <c>IntentLost</c>.
    /// </summary>
    public int UnknownDeployments { get; init; }
}
