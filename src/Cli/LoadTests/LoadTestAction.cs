using System.Text.Json;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Local;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Steps;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.LoadTests;
using Harmony.Fleet.Deploy.Machines;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.Deploy.Topologies;

namespace Harmony.Fleet.Cli.LoadTests;

/// <summary><c>fleet load-test</c>: has its program do it, shows how it goes on, and what came of it.</summary>
internal sealed class LoadTestAction(CliHost host)
{
    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(LoadTestWish wish, OutputFormat format, CancellationToken cancellationToken)
    {
        var home = RepositoryFolder.Find(host.Environment) is { } found ? host.FullPath(found) : null;
        var program = await new LocalPrograms(AppContext.BaseDirectory, home, host.Console.Say).ProvideAsync(FleetProgram.LoadTest, cancellationToken);
        if (!program.IsOk)
        {
            return host.Fail(program.Fault);
        }

        // Its fleet is to be ended and removed, whatever happens.
        host.Interruption.MustClearUp = true;
        var outcome = await StepScreens.For(host).ShowAsync(news => RunAsync(program.Value, wish with { Home = home }, news, cancellationToken));
        if (!outcome.IsOk)
        {
            return cancellationToken.IsCancellationRequested ? ExitCode.Interrupted : host.Fail(outcome.Fault);
        }

        return Conclude(outcome.Value, format);
    }

    /// <summary>Shows what was measured.</summary>
    /// <returns>The exit code: a count that is wrong is a failure.</returns>
    internal int Conclude(LoadTestResult result, OutputFormat format)
    {
        host.Console.Out.WriteLine(format == OutputFormat.Json ? JsonText.Pretty(JsonSerializer.SerializeToElement(result, LoadTestJson.Default.LoadTestResult)) : LoadTestText.Of(result));
        return result.WrongAggregates == 0
            ? ExitCode.Done
            : host.Fail(Fault.Permanent($"{result.WrongAggregates} of {result.Deployments} Deployments have counts that are not what was written"));
    }

    private static async Task<Outcome<LoadTestResult>> RunAsync(string program, LoadTestWish wish, IProgress<DeployNews> news, CancellationToken cancellationToken)
    {
        using var process = new LoadTestProcess(program);
        await using var ending = cancellationToken.Register(process.End);
        await process.SayAsync(wish);
        Outcome<LoadTestResult> outcome = Fault.Permanent("the load test ended without a result");
        await foreach (var line in process.LinesAsync())
        {
            if (line.News is { } told)
            {
                news.Report(told);
            }

            outcome = line.Result is { } result ? result : line.Fault is { } fault ? fault : outcome;
        }

        await process.ExitedAsync();
        return outcome;
    }
}
