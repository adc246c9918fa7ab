namespace Harmony.Fleet.Operator.Hosting;

/// <summary>The operator's arguments.</summary>
/// <param name="ConfigPath">Where operator.json is.</param>
internal sealed record CommandLine(string ConfigPath)
{
    /// <summary>How it is called.</summary>
    public const string Usage = "Usage: Harmony.Fleet.Operator --config operator.json";

    /// <summary>Parses <paramref name="args"/>.</summary>
    /// <returns>The arguments; null where they are not understood.</returns>
    public static CommandLine? Parse(string[] args) => args switch
    {
        ["--config", { Length: > 0 } path] => new CommandLine(path),
        [var one] when one.StartsWith("--config=", StringComparison.Ordinal) && one.Length > "--config=".Length => new CommandLine(one["--config=".Length..]),
        _ => null,
    };
}
