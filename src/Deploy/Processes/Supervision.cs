namespace Harmony.Fleet.Deploy.Processes;

/// <summary>What a supervisor keeps running.</summary>
internal interface IChild
{
    /// <summary>The number of its process.</summary>
    int ProcessId { get; }

    /// <summary>Its exit code, when it has ended, whyever.</summary>
    Task<int> Exited { get; }

    /// <summary>Ends it, and waits until it is gone.</summary>
    Task StopAsync();
}

/// <summary>How something is kept running.</summary>
internal sealed record Supervision
{
    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>Where it writes.</summary>
    public required string LogFile { get; init; }

    /// <summary>Spreads its restarts.</summary>
    public required RestartBackoff Backoff { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Told, in sentences, when it ends and is started again.</summary>
    public required Action<string> Say { get; init; }
}
