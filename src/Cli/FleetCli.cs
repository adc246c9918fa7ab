using System.CommandLine;
using Harmony.Fleet.Cli.Commands;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Layout;
using Harmony.Fleet.Cli.Options;

namespace Harmony.Fleet.Cli;

/// <summary>The program: a command line in, an exit code out.</summary>
internal sealed class FleetCli(CliHost host)
{
    /// <summary>Runs the command that <paramref name="arguments"/> name.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken interrupted)
    {
        host.Console.Broken =
        [
            .. arguments.SelectMany(word => new[] { word, word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..] })
                .Where(word => word.AsSpan().ContainsAny("\n\r\t") && !string.IsNullOrWhiteSpace(word)).OrderByDescending(word => word.Length),
        ];
        var global = new GlobalOptions();
        var words = DevicePodmanCommand.Separated(arguments, global);
        if (UsageErrors.Unreadable(words) is { } unreadable)
        {
            host.Console.Fail(unreadable);
            return ExitCode.Usage;
        }

        var root = CommandTree.Create(host, global);
        var parsed = root.Parse(words.Count == 0 ? ["--help"] : words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (UsageErrors.Find(parsed, words) is { Count: > 0 } errors)
        {
            errors.ForEach(host.Console.Fail);
            host.Console.Say($"See: {host.Console.KeepWhole(host.Program + UsageErrors.HelpFor(parsed))}");
            return ExitCode.Usage;
        }

        host.FleetFlags = global.Repeated(parsed);
        try
        {
            return await parsed.InvokeAsync(Configuration(), interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            host.Console.EndLine();
            return ExitCode.Interrupted;
        }
        catch (ReaderGoneException)
        {
            return host.ReaderGone;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            host.Console.Fail(Prose.Inner(exception.Message.TrimEnd('.')));
            return ExitCode.Failed;
        }
        catch (Exception bug)
        {
            // The program's end: whoever typed the command is owed a sentence, and whoever mends it the whole of it.
            host.Console.Fail($"this is a fault of the program itself, please report it with these lines ({bug.GetType().Name}: {bug.Message.TrimEnd('.')})");
            (bug.StackTrace ?? string.Empty).Split('\n').ToList().ForEach(host.Console.Say);
            return ExitCode.Failed;
        }
    }

    private InvocationConfiguration Configuration() => new()
    {
        Output = host.Console.Out,
        Error = host.Console.Error,
        EnableDefaultExceptionHandler = false,

        // Program.cs listens to the signals itself, so that they are heard outside of commands too.
        ProcessTerminationTimeout = null,
    };
}
