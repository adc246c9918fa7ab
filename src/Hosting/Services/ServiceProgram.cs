using System.Collections.Immutable;
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
        switch (ServiceCommandLine.Parse(args, File.Exists(service.DefaultConfig) ? service.DefaultConfig : null))
        {
            case ServiceCommandLine.Help:
                await Console.Out.WriteLineAsync(ServiceCommandLine.Usage(service));
                return ExitCodes.Done;
            case ServiceCommandLine.Version:
                await Console.Out.WriteLineAsync(ServiceVersion.Text);
                return ExitCodes.Done;
            case ServiceCommandLine.Run run:
                return await GuardAsync(service, () => StartAsync(service, run.ConfigFile, signals), signals);
            case ServiceCommandLine.SelfTest test:
                return await GuardAsync(service, () => TestAsync(service, test.ConfigFile, signals), signals);
            case ServiceCommandLine.Wrong wrong:
                await Console.Error.WriteLineAsync($"{wrong.Reason}\n\n{ServiceCommandLine.Usage(service)}");
                return ExitCodes.Usage;
            default:
                throw new InvalidOperationException("A command line is not handled.");
        }
    }

    private static async Task<int> GuardAsync<TOptions>(IService<TOptions> service, Func<Task<int>> work, StopSignals signals)
        where TOptions : class
    {
        try
        {
            return MissingNeeds.Find() is { } missing
                ? await SayAsync(service, missing, ExitCodes.NeedMissing)
                : await work();
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
        where TOptions : class
    {
        var outcome = await Task.Run(() => service.Load(file), CancellationToken.None).WaitAsync(signals.Token);
        ImmutableArray<Finding> settings = outcome is OptionsOutcome<TOptions>.Invalid invalid
            ? [.. invalid.Errors.Select(error => new Finding.Wrong(error))]
            : [new Finding.Right(file)];
        var steps = settings.Select(finding => SelfTestStep.Known("config", finding))
            .Concat(service.SelfTest((outcome as OptionsOutcome<TOptions>.Loaded)?.Options));
        return await new SelfTest(Console.Out, SelfTest.StepLimit).RunAsync([.. steps], signals.Token) ? ExitCodes.Done : ExitCodes.SelfTestFailed;
    }

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

    private static async Task<int> SayAsync<TOptions>(IService<TOptions> service, string text, int code)
        where TOptions : class
    {
        await Console.Error.WriteLineAsync($"{service.Name}: {text}");
        return code;
    }
}
