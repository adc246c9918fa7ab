namespace Harmony.Fleet.Ports.State;

/// <summary>What became of state that was to be kept.</summary>
public abstract record SaveOutcome
{
    private SaveOutcome()
    {
    }

    /// <summary>It survives a power cut from now on.</summary>
    public sealed record Saved : SaveOutcome;

    /// <summary>It could not be kept; what was kept before still is.</summary>
    /// <param name="Reason">One sentence, with what to do.</param>
    public sealed record Failed(string Reason) : SaveOutcome;
}
