namespace Harmony.Fleet.Hosting.Services;

/// <summary>A service cannot start. Its message is one sentence for people, with what to do.</summary>
public sealed class StartException : Exception
{
    /// <summary>It cannot start.</summary>
    public StartException(string message)
        : base(message)
    {
    }

    /// <summary>What the process ends with: one of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; init; } = ExitCodes.Failed;

    /// <summary>It cannot start, because of another error.</summary>
    public StartException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>It cannot start.</summary>
    public StartException()
    {
    }
}
