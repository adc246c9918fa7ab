using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Hosting;

/// <summary>What every command may use of the world around it.</summary>
/// <param name="Console">Where it reads and writes.</param>
/// <param name="Environment">The environment's variables.</param>
/// <param name="Time">The clock.</param>
/// <param name="WorkingFolder">What relative paths start from.</param>
internal sealed record CliHost(CliConsole Console, Func<string, string?> Environment, TimeProvider Time, string WorkingFolder)
{
    /// <summary>What a second Ctrl-C means.</summary>
    public Interruption Interruption { get; } = new();

    /// <summary>The host of this process.</summary>
    public static CliHost OfProcess() => new(
        CliConsole.OfProcess(System.Environment.GetEnvironmentVariable),
        System.Environment.GetEnvironmentVariable,
        TimeProvider.System,
        System.Environment.CurrentDirectory);

    /// <summary>The absolute path of <paramref name="path"/>.</summary>
    public string FullPath(string path) => Path.GetFullPath(path, WorkingFolder);

    /// <summary>Says why a command failed.</summary>
    /// <returns>Its exit code.</returns>
    public int Fail(Fault fault)
    {
        Console.Fail(fault.ToString());
        return ExitCode.Of(fault.Kind);
    }
}

/// <summary>What a second Ctrl-C means: usually the end at once, but not while processes and containers are being ended.</summary>
internal sealed class Interruption
{
    /// <summary>Whether something must be cleared up before the process may end: then further signals change nothing.</summary>
    public bool MustClearUp { get; set; }
}
