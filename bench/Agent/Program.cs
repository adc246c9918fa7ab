using System.Globalization;
using Harmony.Fleet.Bench.Agent;
using Harmony.Fleet.Tests.Harness;

// What an agent costs its device, with containers that run and nothing to do: memory, processor time until it is connected, and in a minute of rest.
// Usage: [--agent PATH] [--deployments N] [--minutes N] [--starts N] [--keep PATH]
//   --agent PATH   the native agent (default: the variable HARMONY_FLEET_AGENT, or what eng/package.sh has published for this machine)
// The same agent on the portable runtime, as fleet up runs it, is measured beside it.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (BenchOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine("usage: [--agent PATH] [--deployments N] [--minutes N] [--starts N]");
    return 2;
}

using var end = new EndSignals();
try
{
    await using var fleet = await AgentFleet.StartAsync(options.Agent, end.Token);
    await MeasureAsync(fleet, options).WaitAsync(end.Token);
    return 0;
}
catch (OperationCanceledException) when (end.Token.IsCancellationRequested)
{
    return EndSignals.ExitCode;
}

static async Task MeasureAsync(AgentFleet fleet, BenchOptions options)
{
    var portable = Path.GetFullPath("../../Harmony.Fleet.Agent/release/Harmony.Fleet.Agent", AppContext.BaseDirectory);
    await fleet.DeployAsync(options.Deployments);
    var contenders = new Contender[] { new("native", options.Agent), new("portable runtime", portable) };
    for (var round = 0; round < options.Starts; round++)
    {
        foreach (var contender in contenders)
        {
            contender.Started((await fleet.StartAgentAsync(contender.Path)).Processor);
        }
    }

    foreach (var contender in contenders)
    {
        var (process, _) = await fleet.StartAgentAsync(contender.Path);
        await contender.RestAsync(process, options.Minutes);
        Console.WriteLine(contender);
        Console.WriteLine(MemoryMap.Of(process));
    }
}
