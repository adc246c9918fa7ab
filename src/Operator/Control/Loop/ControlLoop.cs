using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Hosting.Systemd;
using Harmony.Fleet.Operator.Readiness;
using Harmony.Fleet.Ports.State;

namespace Harmony.Fleet.Operator.Control.Loop;

/// <summary>
/// Leads, with one engine after the other: the next one begins in a new term from what is stored, as after a restart, when the machine's clock was put back so far that the last
/// one cannot go on by it.
/// </summary>
internal sealed partial class ControlLoop(
    IServiceScopeFactory runs,
    EngineView view,
    ILeadership leadership,
    ControlOptions options,
    TimeProvider time,
    RandomSource random,
    LoopLiveness liveness,
    ILogger<ControlLoop> logger)
    : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var term = await BeginTermAsync(stoppingToken);
            LogBegins(logger, term);
            await using var run = runs.CreateAsyncScope();
            var by = await run.ServiceProvider.GetRequiredService<ControlRun>().RunAsync(term, stoppingToken);
            LogPutBack(logger, (long)by.TotalSeconds);
            view.BeginAnew($"the clock was put back by {(long)by.TotalSeconds} s");
        }
    }

    private async Task<long> BeginTermAsync(CancellationToken cancellationToken)
    {
        var (failures, unexpected) = (new BackOffSequence(options.BackOff, random.Next()), new UnexpectedFailures("the store's next term", time, logger));
        while (true)
        {
            liveness.Expect(ControlRun.OverdueLimit + options.BackOff.Ceiling);
            try
            {
                return await leadership.BeginTermAsync(cancellationToken);
            }
            catch (IOException error)
            {
                LogNoTerm(logger, error.Message);
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                unexpected.Tell(error);
            }

            await Task.Delay(failures.Next(), time, cancellationToken);
        }
    }
}
