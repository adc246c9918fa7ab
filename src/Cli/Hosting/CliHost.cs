using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Hosting;

/// <summary>What every command may use of the world around it.</summary>
/// <param name="Console">Where it reads and writes.</param>
/// <param name="Environment">The environment's variables.</param>
/// <param name="Time">The clock.</param>
/// <param name="WorkingFolder">What relative paths start from; empty where somebody deleted it.</param>
internal sealed record CliHost(CliConsole Console, Func<string, string?> Environment, TimeProvider Time, string WorkingFolder)
{
    /// <summary>The variable by which a launcher says how it was called.</summary>
    public const string NameVariable = "HARMONY_FLEET_NAME";

    /// <summary>What a second Ctrl-C means.</summary>
    public Interruption Interruption { get; } = new();

    /// <summary>How this program is called, for command lines that are shown.</summary>
    public string Program => Environment(NameVariable) is { Length: > 0 } name ? ShellText.Quote(name) : "fleet";

    /// <summary>What of the command line says which fleet is meant: empty, or for example <c> --data /srv/fleet</c>.</summary>
    public string FleetFlags { get; set; } = string.Empty;

    /// <summary>The host of this process.</summary>
    /// <param name="hungUp">Told when a write finds that the terminal was closed.</param>
    public static CliHost OfProcess(Action hungUp) => new(
        CliConsole.OfProcess(System.Environment.GetEnvironmentVariable, hungUp),
        System.Environment.GetEnvironmentVariable,
        TimeProvider.System,
        CurrentFolder());

    /// <summary>The absolute path of <paramref name="path"/>.</summary>
    /// <exception cref="IOException">It is a relative one, and the working folder was deleted.</exception>
    public string FullPath(string path) => WorkingFolder.Length > 0 || Path.IsPathRooted(path)
        ? Path.GetFullPath(path, WorkingFolder.Length > 0 ? WorkingFolder : "/")
        : throw new IOException($"the working directory was deleted, so that {path} leads nowhere: change to another one, or name an absolute path");

    private static string CurrentFolder()
    {
        try
        {
            return System.Environment.CurrentDirectory;
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }

    /// <summary>Whether the source tree's launcher called, which knows a verb of its own.</summary>
    public bool IsLaunched => Environment(NameVariable) is { Length: > 0 };

    /// <summary>A command line that does <paramref name="command"/> to the same fleet.</summary>
    public string Line(string command) => Line(command, FleetFlags);

    /// <summary>A command line that does <paramref name="command"/> to the fleet that <paramref name="flags"/> name.</summary>
    public string Line(string command, string flags) => Console.KeepWhole($"{Program} {command}{flags}");

    /// <summary>The exit code where nobody reads stdout any more: that was asked for, unless stdout is a terminal, which was closed.</summary>
    public int ReaderGone => Console.IsOutTerminal ? ExitCode.Interrupted : ExitCode.Done;

    /// <summary>Does work that goes on until it is cancelled. When nobody reads stdout any more it has done what was asked for.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> FollowAsync(Func<CancellationToken, Task<int>> work, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var working = work(ending.Token);
        var reading = Console.ReaderGone(ending.Token);
        var isGone = await Task.WhenAny(working, reading) == reading && !cancellationToken.IsCancellationRequested;
        await ending.CancelAsync();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            return await working;
        }
        catch (OperationCanceledException) when (isGone)
        {
            return ReaderGone;
        }
    }

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
