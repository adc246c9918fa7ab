namespace Harmony.Fleet.Core.Trust;

/// <summary>What became of an encrypted score.</summary>
public abstract record OpenOutcome
{
    private OpenOutcome()
    {
    }

    /// <summary>It is the score that the manifest names.</summary>
    /// <param name="Plain">The plain score: JSON, not parsed yet.</param>
    public sealed record Opened(byte[] Plain) : OpenOutcome;

    /// <summary>It is something else.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Refused(string Reason) : OpenOutcome;
}
