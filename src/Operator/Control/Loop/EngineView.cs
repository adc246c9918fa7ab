using Harmony.Fleet.Core.Engine;

namespace Harmony.Fleet.Operator.Control.Loop;

/// <summary>What others than the control loop may know of the engine, as of its last step.</summary>
internal sealed class EngineView
{
    private volatile bool hasCaughtUp;
    private long answers;

    /// <summary>Whether all is known that must be known before anything is written to the bus.</summary>
    public bool HasCaughtUp => hasCaughtUp;

    /// <summary>How many answers to writes of Devices the engine has heard.</summary>
    public long Answers => Volatile.Read(ref answers);

    /// <summary>A step was taken.</summary>
    public void Take(FleetEngine engine)
    {
        hasCaughtUp = engine.HasCaughtUp;
        Volatile.Write(ref answers, engine.Answers);
    }
}
