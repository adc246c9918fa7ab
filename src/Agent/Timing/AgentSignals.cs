namespace Harmony.Fleet.Agent.Timing;

/// <summary>What the agent's loops tell each other: that something is to be looked at, never what.</summary>
internal sealed class AgentSignals(TimeProvider time)
{
    /// <summary>Compare what should stand with what stands.</summary>
    public AutoResetSignal Reconcile { get; } = new(time);

    /// <summary>Read the manifest from its bucket.</summary>
    public AutoResetSignal Manifest { get; } = new(time);

    /// <summary>Read scores that are missing.</summary>
    public AutoResetSignal Scores { get; } = new(time);

    /// <summary>Report what stands.</summary>
    public AutoResetSignal Report { get; } = new(time);

    /// <summary>Say who the device is.</summary>
    public AutoResetSignal Info { get; } = new(time);

    /// <summary>Give a sign of life.</summary>
    public AutoResetSignal Heartbeat { get; } = new(time);

    /// <summary>A connection was made: what the device is to do is read again.</summary>
    public void Connected()
    {
        Manifest.Set();
        Scores.Set();
    }
}
