using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Engine;

namespace Harmony.Fleet.Operator.Control.Loop;

/// <summary>What others than the control loop may know of the engine, as of its last step.</summary>
internal sealed class EngineView
{
    private const int Named = 5;

    private volatile bool hasCaughtUp;
    private volatile ImmutableDictionary<DeploymentKey, LostDeployment> lost = ImmutableDictionary<DeploymentKey, LostDeployment>.Empty;
    private volatile FleetProgress progress = FleetProgress.None;
    private volatile string? anew;
    private long answers;

    /// <summary>Whether all is known that must be known before anything is written to the bus.</summary>
    public bool HasCaughtUp => hasCaughtUp;

    /// <summary>Why the engine that has not caught up yet is another one than before; null where it is not.</summary>
    public string? Anew => anew;

    /// <summary>How far the operator is.</summary>
    public FleetProgress Progress => progress;

    /// <summary>The deployments that devices run and the store has lost, and those of which one device alone says so.</summary>
    public ImmutableDictionary<DeploymentKey, LostDeployment> Lost => lost;

    /// <summary>How many were lost; what one device alone says is a condition of that device.</summary>
    public int LostCount => lost.Count(one => !one.Value.IsClaim);

    /// <summary>How many one device alone says it runs: lost with the bus and the store together, or invented.</summary>
    public int UnknownCount => lost.Count(one => one.Value.IsClaim);

    /// <summary>The first of those that were lost in words; null for none.</summary>
    public string? LostWords => lost.Where(one => !one.Value.IsClaim).Select(one => one.Key).Order().ToArray() is { Length: > 0 } some ? Words(some) : null;

    /// <summary>How many answers to writes of Devices the engine has heard.</summary>
    public long Answers => Volatile.Read(ref answers);

    /// <summary>An engine begins that knows nothing yet, in place of the one before.</summary>
    /// <param name="why">Why, in a few words.</param>
    public void BeginAnew(string why) => (anew, hasCaughtUp, progress) = (why, false, FleetProgress.None);

    /// <summary>A step was taken.</summary>
    public void Take(FleetEngine engine)
    {
        hasCaughtUp = engine.HasCaughtUp;
        anew = hasCaughtUp ? null : anew;
        progress = engine.Progress;
        lost = engine.Lost;
        Volatile.Write(ref answers, engine.Answers);
    }

    private static string Words(DeploymentKey[] keys) =>
        string.Join(", ", keys.Take(Named)) + (keys.Length > Named ? $" and {keys.Length - Named} more" : string.Empty);
}
