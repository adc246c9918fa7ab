using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet version</c>.</summary>
internal static class VersionCommand
{
    /// <summary>The program's version.</summary>
    public static string Version =>
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    /// <summary>The command.</summary>
    public static Command Create(CliHost host)
    {
        var command = new CliCommand("version", "Show this program's version.", "version");
        command.SetAction(_ =>
        {
            host.Console.Out.WriteLine($"fleet {Version} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})");
            return ExitCode.Done;
        });
        return command;
    }
}
