using System.CommandLine;
using System.CommandLine.Parsing;

namespace Harmony.Fleet.Cli.Parsing;

/// <summary>What a command refuses of its options together, which each of them alone would take.</summary>
internal static class CommandChecks
{
    /// <summary>
    /// Has <paramref name="check"/> look at each call of <paramref name="command"/>. The parser calls it before it has read the values themselves, and a value
    /// that cannot be read throws where it is asked for: what is wrong with that one is told, and the check has nothing to add.
    /// </summary>
    public static void Check(this Command command, Action<CommandResult> check) => command.Validators.Add(result =>
    {
        try
        {
            check(result);
        }
        catch (InvalidOperationException) when (result.Children.Any(child => child.Errors.Any()))
        {
        }
    });
}
