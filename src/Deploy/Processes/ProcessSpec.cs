using System.Collections.Immutable;

namespace Harmony.Fleet.Deploy.Processes;

/// <summary>A process that should run.</summary>
public sealed record ProcessSpec
{
    /// <summary>What people call it, for example <c>operator</c>; one process a name.</summary>
    public required string Name { get; init; }

    /// <summary>The program's path.</summary>
    public required string Program { get; init; }

    /// <summary>Its arguments.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>Variables beside those of this process.</summary>
    public ImmutableSortedDictionary<string, string> Environment { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Tells what its configuration files hold, for example their digest. With another one a running process reads them again (SIGHUP).</summary>
    public string Revision { get; init; } = string.Empty;

    /// <summary>Where its stdout and stderr go.</summary>
    public required string LogFile { get; init; }

    /// <summary>Words of the lines that it prints in numbers when others knock in vain: a few of each are kept, and how many there were.</summary>
    public ImmutableArray<string> CountedWords { get; init; } = [];

    /// <summary>How long it may take to end after SIGTERM, before SIGKILL.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether both start the same thing in the same way, whatever its files hold.</summary>
    public bool IsSameAs(ProcessSpec other) =>
        string.Equals(Program, other.Program, StringComparison.Ordinal) && string.Equals(LogFile, other.LogFile, StringComparison.Ordinal) &&
        Arguments.SequenceEqual(other.Arguments) && Environment.SequenceEqual(other.Environment);
}

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
