namespace Harmony.Fleet.Agent.Hosting;

/// <summary>What the agent's process ends with; the same words as the command line's.</summary>
internal static class ExitCodes
{
    /// <summary>It was stopped, and did so in order.</summary>
    public const int Done = 0;

    /// <summary>It could not start, or broke.</summary>
    public const int Failed = 1;

    /// <summary>The arguments or the settings are wrong.</summary>
    public const int Usage = 2;
}
