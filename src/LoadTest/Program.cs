using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.LoadTests;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.LoadTest;
using Harmony.Fleet.LoadTest.Fleets;

// Started by fleet load-test: it reads one line that says what to do, and writes lines of news and one of the result. It ends when its input does.
if (await Console.In.ReadLineAsync() is not { } line || JsonSerializer.Deserialize(line, LoadTestJson.Default.LoadTestWish) is not { } wish)
{
    Console.Error.WriteLine("usage: fleet load-test");
    return 2;
}

using var ending = new CancellationTokenSource();
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
_ = Task.Run(async () =>
{
    await Console.In.ReadToEndAsync();
    await ending.CancelAsync();
});
var output = new LineWriter(Console.Out);
try
{
    var outcome = await RunAsync(wish, output, ending.Token);
    output.Write(outcome.IsOk ? new LoadTestLine { Result = outcome.Value } : new LoadTestLine { Fault = outcome.Fault });
    return outcome.IsOk ? 0 : 1;
}
catch (OperationCanceledException) when (ending.IsCancellationRequested)
{
    return 130;
}
catch (Exception error) when (error is IOException or HttpRequestException or InvalidOperationException)
{
    output.Write(new LoadTestLine { Fault = Fault.Permanent($"the load test broke off: {error.Message}") });
    return 1;
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ending.Cancel();
}

static async Task<Outcome<LoadTestResult>> RunAsync(LoadTestWish wish, IProgress<DeployNews> progress, CancellationToken cancellationToken)
{
    if (wish.DataFolder is { } folder)
    {
        var present = await PresentFleet.FindAsync(folder, TimeProvider.System, cancellationToken);
        return present.IsOk ? await new StatesRun(wish, present.Value, progress, TimeProvider.System).RunAsync(cancellationToken) : present.Fault;
    }

    var started = await OwnFleet.StartAsync(wish.Home, wish.Agents == LoadTestAgents.Real ? [.. RealRun.Devices(wish)] : [], new Random(RandomNumberGenerator.GetInt32(int.MaxValue)), progress, TimeProvider.System, cancellationToken);
    if (!started.IsOk)
    {
        return started.Fault;
    }

    await using var own = started.Value;
    return wish.Agents == LoadTestAgents.Real
        ? await new RealRun(wish, own, progress, TimeProvider.System).RunAsync(cancellationToken)
        : await new StatesRun(wish, own.Reached, progress, TimeProvider.System).RunAsync(cancellationToken);
}
