namespace Harmony.Fleet.Agent.Hosting;

/// <summary>What the agent was called to do.</summary>
internal abstract record AgentCommandLine
{
    /// <summary>How it is called.</summary>
    public const string Usage = """
        Usage: Harmony.Fleet.Agent --config FILE

        Runs on a device: makes the containers stand that the control plane wants there, and reports on them.
        Stopping it stops no container.

          --config FILE   the settings, JSON; comments are allowed
          --version       says its version
          --help          says this

        Exit codes: 0 stopped as asked, 1 could not start or broke, 2 wrong usage or settings.
        """;

    private AgentCommandLine()
    {
    }

    /// <summary>Reads the arguments.</summary>
    public static AgentCommandLine Parse(IReadOnlyList<string> arguments) => arguments switch
    {
        ["--help"] or ["-h"] => new Help(),
        ["--version"] => new Version(),
        ["--config", { Length: > 0 } file] => new Run(file),
        [var one] when one.StartsWith("--config=", StringComparison.Ordinal) && one.Length > "--config=".Length => new Run(one["--config=".Length..]),
        [] => new Wrong("Which settings? Name them with --config FILE."),
        ["--config"] => new Wrong("--config needs a file."),
        _ => new Wrong($"Not understood: {string.Join(' ', arguments)}"),
    };

    /// <summary>Run with these settings.</summary>
    /// <param name="ConfigFile">Their file.</param>
    public sealed record Run(string ConfigFile) : AgentCommandLine;

    /// <summary>Say how it is called.</summary>
    public sealed record Help : AgentCommandLine;

    /// <summary>Say the version.</summary>
    public sealed record Version : AgentCommandLine;

    /// <summary>It cannot be understood.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Wrong(string Reason) : AgentCommandLine;
}
