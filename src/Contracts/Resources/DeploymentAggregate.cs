namespace Harmony.Fleet.Contracts.Resources;

/// <summary>The matched devices of a Deployment, each counted in exactly one of the four states.</summary>
public sealed record DeploymentAggregate
{
    /// <summary>How many devices the selector matches.</summary>
    public int MatchedDeviceCount { get; init; }

    /// <summary>Reachable, and Running with the uid and score digest that their manifest names.</summary>
    public int Succeeded { get; init; }

    /// <summary>Reachable, and Failed with the current score.</summary>
    public int Failed { get; init; }

    /// <summary>Reachable, and on their way.</summary>
    public int Pending { get; init; }

    /// <summary>Not reachable: what they run cannot be told.</summary>
    public int Unreachable { get; init; }

    /// <summary>The newest error of any matched device, or null.</summary>
    public DeviceError? LastError { get; init; }
}
