namespace Harmony.Fleet.Deploy.Processes;

/// <summary>A process that is kept running.</summary>
public interface IRunningProcess
{
    /// <summary>What it was started as.</summary>
    ProcessSpec Spec { get; }

    /// <summary>How often it ended without being told to.</summary>
    int Exits { get; }

    /// <summary>The last line that it wrote to its log; empty where there is none.</summary>
    string LastWords();
}
