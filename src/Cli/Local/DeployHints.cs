using System.Text.RegularExpressions;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Local;

/// <summary>What Deploy says of a failure, for whoever typed the command: Deploy knows neither how the program was called nor what for.</summary>
internal static partial class DeployHints
{
    /// <summary><paramref name="fault"/> with command lines that can be pasted.</summary>
    public static Fault Of(CliHost host, Fault fault) => fault with
    {
        Advice = Lines().Replace(fault.Advice, line => fault.DataFolder is { } other
            ? host.Line(line.Groups["command"].Value, $" --data {ShellText.Quote(other)}")
            : host.Line(line.Groups["command"].Value)),
    };

    /// <summary><paramref name="text"/> of an operator, which quotes command lines without knowing how they are typed here, with such that can be pasted.</summary>
    public static string OfOperator(CliHost host, string text) => Quoted().Replace(text, line => host.Line(line.Groups["command"].Value));

    [GeneratedRegex(@"'fleet (?<command>recover(?: --[a-z]+)?|get [a-z]+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?:\./)?\bfleet (?<command>(?:up|down|status|restore)(?: --[a-z-]+(?: \d+)?)*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Lines();
}
