using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Deploy.LoadTests;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.LoadTest;
using Harmony.Fleet.LoadTest.Agents;
using Harmony.Fleet.LoadTest.Fleets;
using Harmony.Fleet.LoadTest.Measuring;
using Harmony.Fleet.LoadTest.Plans;
using Harmony.Fleet.Tests.Harness;
using NATS.Client.JetStream;

namespace Harmony.Fleet.Bench.Floods;

/// <summary>Real agents in one process whose nats-server is killed, and comes back; what is meant for all of them changes meanwhile.</summary>
internal sealed class AgentHerd(LoadPlan plan, OwnFleet fleet, FleetApi api, RealAgent[] agents, PutCount counts)
{
    /// <summary>Of so few Deployments most are meant for all agents that are no probes.</summary>
    private const int Deployments = 4;

    private const long AllocatedByAnAgent = 512 * 1024;
    private const int PieceBytes = 32 * 1024;

    public static async Task<int> MeasureAsync(int count, CancellationToken cancellationToken)
    {
        var (plan, said) = (new LoadPlan(count, Deployments), new Progress<DeployNews>());
        var wish = new LoadTestWish { Devices = count, Deployments = Deployments, Rate = 1, DurationSeconds = 1, Agents = LoadTestAgents.Real };
        var started = await OwnFleet.StartAsync(RepositoryRoot.Path, [.. RealRun.Devices(wish)], new Random(1), said, TimeProvider.System, cancellationToken);
        await using var fleet = started.Value ?? throw new InvalidOperationException(started.Fault?.ToString());
        using var api = new FleetApi(fleet.Reached);
        await new Stage(plan, fleet.Reached, api, said).ApplyAsync(cancellationToken);
        var counts = new PutCount();
        RealAgent[] agents = [.. Enumerable.Range(0, count).Select(device => new RealAgent(plan, device, fleet, counts, null, TimeProvider.System))];
        int code;
        try
        {
            code = await new AgentHerd(plan, fleet, api, agents, counts).MeasureAsync(cancellationToken);
        }
        finally
        {
            await Parallel.ForEachAsync(agents, CancellationToken.None, async (agent, _) => await agent.DisposeAsync());
        }

        await BareHerd.MeasureAsync(count, fleet, cancellationToken);
        return code;
    }

    private async Task<int> MeasureAsync(CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken);
        var (consumers, own) = (await ConsumersAsync(cancellationToken), new ProcessMeter(Environment.ProcessId));
        own.Look();
        Console.WriteLine($"{agents.Length:N0} agents, {plan.Pairs:N0} containers, {own.MostMiB:F0} MiB in this process; {consumers} consumers");

        CollectNothing();
        var (puts, failed, conflicts) = (counts.Puts, counts.Errors, counts.Conflicts);
        var allocated = GC.GetTotalAllocatedBytes();
        var (before, paused) = (agents.Select(agent => agent.Link.Connects).ToArray(), GC.GetTotalPauseDuration());
        await RunningProcesses.SignalAsync(fleet.Reached.Nats.Single(), "KILL");
        var changed = await api.PutAsync(Changed(), cancellationToken);
        await AnswersAsync(cancellationToken);
        var (back, meters) = (Stopwatch.GetTimestamp(), await MetersAsync(cancellationToken));
        var current = CurrentAsync(changed, back, cancellationToken);
        var returns = await ReturnsAsync(before, back, current, cancellationToken);
        var took = await current;
        (puts, failed, conflicts) = (counts.Puts - puts, counts.Errors - failed, counts.Conflicts - conflicts);
        var cpu = string.Join(", ", meters.Select(meter => $"{meter.Name} {meter.Meter.Cpu:F1} s"));
        var wrong = await CountOthersAsync(cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(5), cancellationToken); // What was left over is seen then.
        var left = await ConsumersAsync(cancellationToken) - consumers;
        Console.WriteLine($"all current {took.TotalSeconds:F1} s after nats-server's return (<= 20); {left} left-over consumers (0); {wrong} aggregates are not right");
        Console.WriteLine($"processor time until then: {cpu}, of {Environment.ProcessorCount * took.TotalSeconds:F1} s that there were; garbage collection {(GC.GetTotalPauseDuration() - paused).TotalSeconds:F1} s; {(GC.GetTotalAllocatedBytes() - allocated) / 1024 / agents.Length} KiB allocated by an agent; of {puts} puts {failed} failed and {conflicts} met another revision");
        Console.WriteLine($"reconnected: first {returns[0]:F2} s, 1 % {Percentile.Of(returns, 0.01):F2} s, median {Percentile.Of(returns, 0.5):F2} s, 99 % {Percentile.Of(returns, 0.99):F2} s, last {returns[^1]:F2} s: spread over {returns[^1] - returns[0]:F1} s (>= 5)");
        return wrong == 0 && left == 0 ? 0 : 1;
    }

    /// <summary>
    /// An agent collects the garbage that it makes as it comes back alone, on its own device. One collection for all of them at once stops them for seconds, with most of what it looks
    /// at in use: none is made until as much was allocated as it takes them, where there is so much memory. The kernel has given all of it before.
    /// </summary>
    private void CollectNothing()
    {
        Touch(agents.Length * AllocatedByAnAgent);
        try
        {
            GC.TryStartNoGCRegion(agents.Length * AllocatedByAnAgent);
        }
        catch (ArgumentOutOfRangeException)
        {
            Console.WriteLine("garbage is collected meanwhile");
        }
    }

    /// <summary>Has so much memory in use for a moment; what the runtime has once it keeps.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Touch(long bytes)
    {
        var held = new List<byte[]>();
        for (var left = bytes; left > 0; left -= PieceBytes)
        {
            held.Add(new byte[PieceBytes]);
        }

        GC.KeepAlive(held);
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(agents, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = cancellationToken }, async (agent, token) => await agent.StartAsync(token));
        await Stage.UntilAsync(() => CountOthersAsync(cancellationToken).GetAwaiter().GetResult() == 0, cancellationToken);
        Console.WriteLine($"started and converged in {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s");
    }

    private async Task<(string Name, ProcessMeter Meter)[]> MetersAsync(CancellationToken cancellationToken)
    {
        var nats = await fleet.NatsAsync();
        for (; nats.IsEmpty || nats.Single() == fleet.Reached.Nats.Single(); nats = await fleet.NatsAsync())
        {
            await Task.Delay(10, cancellationToken);
        }

        return [("agents", new ProcessMeter(Environment.ProcessId)), ("nats-server", new ProcessMeter(nats)), ("operator", new ProcessMeter(await fleet.OperatorAsync()))];
    }

    /// <summary>One that is meant for all that are no probes, with another environment.</summary>
    private Deployment Changed()
    {
        var deployment = plan.Deployment(0);
        var container = deployment.Spec.Score.PodmanV0!.Containers[0];
        return deployment with
        {
            Spec = deployment.Spec with { Score = new() { PodmanV0 = new() { Containers = [container with { Env = [new() { Name = "ROUND", Value = "2" }] }] } } },
        };
    }

    /// <summary>Ends when nats-server takes connections again.</summary>
    private async Task AnswersAsync(CancellationToken cancellationToken)
    {
        var address = new Uri(fleet.Reached.NatsUrl);
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(address.Host, address.Port, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(10, cancellationToken);
            }
        }
    }

    /// <summary>When each agent was connected again, in seconds, in their order.</summary>
    private async Task<double[]> ReturnsAsync(long[] before, long back, Task current, CancellationToken cancellationToken)
    {
        var returned = new double?[agents.Length];
        while (Array.Exists(returned, one => one is null) && !(current.IsCompleted && Stopwatch.GetElapsedTime(back) > TimeSpan.FromSeconds(60)))
        {
            for (var agent = 0; agent < agents.Length; agent++)
            {
                returned[agent] ??= agents[agent].Link is { IsUp: true, Connects: var connects } && connects > before[agent] ? Stopwatch.GetElapsedTime(back).TotalSeconds : null;
            }

            await Task.Delay(20, cancellationToken);
        }

        return [.. returned.Select(one => one ?? double.PositiveInfinity).Order()];
    }

    /// <summary>Until every device runs what changed.</summary>
    private async Task<TimeSpan> CurrentAsync(Deployment changed, long back, CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = (await api.ListAsync(cancellationToken)).Single(deployment => deployment.Metadata.Name == changed.Metadata.Name);
            if (now.Status is { Aggregate: var counts } && now.Status.ObservedGeneration == changed.Metadata.Generation && counts.MatchedDeviceCount > 0 && counts.Succeeded == counts.MatchedDeviceCount)
            {
                return Stopwatch.GetElapsedTime(back);
            }

            await Task.Delay(100, cancellationToken);
        }
    }

    private async Task<int> CountOthersAsync(CancellationToken cancellationToken)
    {
        var expected = new Expectation(plan);
        Enumerable.Range(0, plan.Devices).ToList().ForEach(device => expected.Of(device).AsSpan().Fill(Phase.Running));
        return expected.Wrong(await api.ListAsync(cancellationToken)).Count;
    }

    private async Task<long> ConsumersAsync(CancellationToken cancellationToken)
    {
        await using var bus = await fleet.Reached.ConnectAsync("herd", cancellationToken);
        var total = 0L;
        await foreach (var stream in new NatsJSContext(bus.Connection!).ListStreamsAsync(cancellationToken: cancellationToken))
        {
            total += stream.Info.State.ConsumerCount;
        }

        return total;
    }
}
