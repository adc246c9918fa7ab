using Harmony.Fleet.Contracts.Commands;

namespace Harmony.Fleet.Operator.Sessions;

/// <summary>How long devices are waited for.</summary>
internal sealed record SessionTimes
{
    /// <summary>For the first frame of an answer.</summary>
    public TimeSpan FirstFrame { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For the next frame of a running session: a device that has nothing to send says so every few seconds.</summary>
    public TimeSpan Silence { get; init; } = CommandLimits.Lease;
}
