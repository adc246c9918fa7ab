using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Texts;
using Harmony.Fleet.Hosting.Options;
using Harmony.Fleet.Hosting.SelfTests;

namespace Harmony.Fleet.Hosting.Services;

/// <summary>A service from its arguments to its exit code.</summary>
public static class ServiceProgram
{
    /// <summary>How long a service may take to end, beyond what its host grants its parts, before what still runs is cut off.</summary>
    private static readonly TimeSpan CutOff = ServiceHost.StopLimit + TimeSpan.FromSeconds(5);

    /// <summary>Does what <paramref name="args"/> ask; runs until it is told to stop. To be called first of all: it listens for signals from here on.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync<TOptions>(IService<TOptions> service, string[] args)
        where TOptions : class
    {
        using var signals = StopSignals.Listen();
        return await GuardAsync(
            service,
            () => ServiceCommandLine.Parse(args, File.Exists(service.DefaultConfig) ? service.DefaultConfig : null) switch
            {
                ServiceCommandLine.Help => AnswerAsync(ServiceCommandLine.Usage(service)),
                ServiceCommandLine.Version => AnswerAsync(ServiceVersion.Text),
                ServiceCommandLine.Run run => WithNeedsAsync(service, () => StartAsync(service, run.ConfigFile, signals)),
                ServiceCommandLine.SelfTest test => WithNeedsAsync(service, () => TestAsync(service, test.ConfigFile, signals)),
                ServiceCommandLine.Wrong wrong => ComplainAsync($"{wrong.Reason}\n\n{ServiceCommandLine.Usage(service)}", ExitCodes.Usage),
                _ => throw new InvalidOperationException("A command line is not handled."),
            },
            signals);
    }

    /// <summary>Looks at all that a run with the settings in <paramref name="file"/> needs.</summary>
    /// <returns>Whether nothing is wrong.</returns>
    internal static async Task<bool> TestAsync<TOptions>(IService<TOptions> service, string file, SelfTest test, CancellationToken cancellationToken)
        where TOptions : class
    {
        var loading = Task.Run(() => service.Load(file), CancellationToken.None);
        var isLoaded = await Task.WhenAny(loading, Task.Delay(test.Limit, cancellationToken)) == loading;
        cancellationToken.ThrowIfCancellationRequested();
        var outcome = isLoaded ? await loading : null;
        ImmutableArray<Finding> settings = outcome switch
        {
            OptionsOutcome<TOptions>.Invalid invalid => [.. invalid.Errors.Select(error => new Finding.Wrong(error))],
            null => [new Finding.Wrong($"{file}, or a file that it names, could not be read within {test.Limit.TotalSeconds:0.#} s: look at the disk, or the network, that it is on.")],
            _ => [new Finding.Right(file)],
        };
        var steps = settings.Select(finding => SelfTestStep.Known("config", finding))
            .Concat(service.SelfTest((outcome as OptionsOutcome<TOptions>.Loaded)?.Options));
        return await test.RunAsync([.. steps], cancellationToken);
    }

    private static async Task<int> WithNeedsAsync<TOptions>(IService<TOptions> service, Func<Task<int>> work)
        where TOptions : class => MissingNeeds.Find() is { } missing ? await SayAsync(service, missing, ExitCodes.NeedMissing) : await work();

    private static async Task<int> GuardAsync<TOptions>(IService<TOptions> service, Func<Task<int>> work, StopSignals signals)
        where TOptions : class
    {
        try
        {
            return await work();
        }
        catch (StartException cannot)
        {
            return await SayAsync(service, cannot.Message, cannot.ExitCode);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return ExitCodes.Done;
        }
        catch (Exception error) when (MissingNeeds.Sentence(error) is not null)
        {
            return await SayAsync(service, MissingNeeds.Sentence(error)!, ExitCodes.NeedMissing);
        }
        catch (Exception bug)
        {
            // Nobody is left to catch it, and a process that aborts leaves a dump in place of an exit code.
            return await SayAsync(service, $"it failed in a way that it should not. {bug}", ExitCodes.Failed);
        }
    }

    private static async Task<int> StartAsync<TOptions>(IService<TOptions> service, string file, StopSignals signals)
        where TOptions : class
    {
        // Aside, for files may be where they cannot be read just now, and a signal is heard in any case.
        var loading = Task.Run(() => service.Load(file), CancellationToken.None);
        if (await Task.WhenAny(loading, signals.Received) != loading)
        {
            return ExitCodes.Done;
        }

        return await loading switch
        {
            OptionsOutcome<TOptions>.Loaded loaded => await ServeAsync(service, loaded.Options, signals),
            OptionsOutcome<TOptions>.Invalid invalid => await SayAsync(service, $"it cannot use {file}:\n  {string.Join("\n  ", invalid.Errors)}", ExitCodes.Usage),
            _ => throw new InvalidOperationException("An outcome of loading settings is not handled."),
        };
    }

    private static async Task<int> TestAsync<TOptions>(IService<TOptions> service, string file, StopSignals signals)
        where TOptions : class =>
        await TestAsync(service, file, new SelfTest(PrintAsync, SelfTest.StepLimit), signals.Token) ? ExitCodes.Done : ExitCodes.SelfTestFailed;

    private static async Task<int> ServeAsync<TOptions>(IService<TOptions> service, TOptions options, StopSignals signals)
        where TOptions : class
    {
        var running = Task.Run(() => service.RunAsync(options, signals.Token), CancellationToken.None);
        if (await Task.WhenAny(running, signals.Received) == running || await Task.WhenAny(running, Task.Delay(CutOff, CancellationToken.None)) == running)
        {
            return await running;
        }

        return await SayAsync(service, "what would not end was cut off.", ExitCodes.Done);
    }

    private static Task<int> SayAsync<TOptions>(IService<TOptions> service, string text, int code)
        where TOptions : class => ComplainAsync($"{service.Name}: {text}", code);

    private static async Task<int> AnswerAsync(string text)
    {
        await PrintAsync(text);
        return ExitCodes.Done;
    }

    private static async Task PrintAsync(string line)
    {
        try
        {
            await Console.Out.WriteLineAsync(Shown(line));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"stdout cannot be written: {error.GetBaseException().Message}.", error);
        }
    }

    private static async Task<int> ComplainAsync(string text, int code)
    {
        try
        {
            await Console.Error.WriteLineAsync(Shown(text));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // There is nobody left who could be told; the exit code says it.
        }

        return code;
    }

    /// <summary>Its lines, with what a terminal would obey in them escaped: reasons are often the words of others.</summary>
    private static string Shown(string text) => string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(Printable.Line));
}
