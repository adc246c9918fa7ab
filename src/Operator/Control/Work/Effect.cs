namespace Harmony.Fleet.Operator.Control.Work;

/// <summary>Something done outside of the control loop. What it gives back is run by the loop, which owns all state.</summary>
internal delegate Task<Action> Effect(CancellationToken cancellationToken);
