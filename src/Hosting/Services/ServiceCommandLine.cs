namespace Harmony.Fleet.Hosting.Services;

/// <summary>What a service was called to do.</summary>
internal abstract record ServiceCommandLine
{
    private const string ConfigOption = "--config";

    private ServiceCommandLine()
    {
    }

    /// <summary>Reads the arguments.</summary>
    /// <param name="arguments">They.</param>
    /// <param name="defaultConfig">Settings that are there although none are named; null where there are none.</param>
    public static ServiceCommandLine Parse(IReadOnlyList<string> arguments, string? defaultConfig)
    {
        var (config, isSelfTest) = (defaultConfig, false);
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--help" or "-h":
                    return new Help();
                case "--version":
                    return new Version();
                case "--self-test":
                    isSelfTest = true;
                    break;
                case ConfigOption when i + 1 < arguments.Count && arguments[i + 1].Length > 0:
                    config = arguments[++i];
                    break;
                case ConfigOption:
                    return new Wrong($"{ConfigOption} needs a file.");
                case var one when one.StartsWith(ConfigOption + "=", StringComparison.Ordinal) && one.Length > ConfigOption.Length + 1:
                    config = one[(ConfigOption.Length + 1)..];
                    break;
                default:
                    return new Wrong($"Not understood: {arguments[i]}");
            }
        }

        return config is null
            ? new Wrong($"Which settings? Name them with {ConfigOption} FILE.")
            : isSelfTest ? new SelfTest(config)
            : new Run(config);
    }

    /// <summary>How a service is called.</summary>
    public static string Usage<TOptions>(IService<TOptions> service)
        where TOptions : class => $"""
        Usage: {service.Name} [--config FILE] [--self-test]

        {service.Purpose}

          --config FILE   the settings, JSON; comments are allowed
                          (default: {service.DefaultConfig})
          --self-test     looks at all that it needs (settings, keys, disk, clock, who it talks to), says a
                          line on each, and ends; what runs is not disturbed
          --version       says its version
          --help, -h      says this

        Exit codes:
        {ExitCodes.Text}
        """;

    /// <summary>Run with these settings.</summary>
    /// <param name="ConfigFile">Their file.</param>
    public sealed record Run(string ConfigFile) : ServiceCommandLine;

    /// <summary>Look at everything that a run with these settings needs.</summary>
    /// <param name="ConfigFile">Their file.</param>
    public sealed record SelfTest(string ConfigFile) : ServiceCommandLine;

    /// <summary>Say how it is called.</summary>
    public sealed record Help : ServiceCommandLine;

    /// <summary>Say the version.</summary>
    public sealed record Version : ServiceCommandLine;

    /// <summary>It cannot be understood.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Wrong(string Reason) : ServiceCommandLine;
}
