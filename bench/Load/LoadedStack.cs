using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.LoadTest;
using Harmony.Fleet.LoadTest.Fleets;
using Harmony.Fleet.LoadTest.Plans;
using Harmony.Fleet.LoadTest.Watching;
using Harmony.Fleet.LoadTest.Writing;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Bench.Load;

/// <summary>A control plane with devices that have reported, whose operator can be killed: it is started again at once.</summary>
internal sealed class LoadedStack : IAsyncDisposable
{
    private readonly OwnFleet fleet;
    private readonly DeviceBuckets buckets;
    private readonly CancellationTokenSource ending = new();
    private readonly CancellationTokenSource holding = new();
    private readonly List<Task> beside = [];

    private LoadedStack(LoadPlan plan, OwnFleet fleet, FleetApi api, DeviceBuckets buckets, DocumentWriter documents)
    {
        (Plan, this.fleet, Api, this.buckets) = (plan, fleet, api, buckets);
        (Expected, Watch) = (new Expectation(plan), new AggregateWatch(plan, api));
        Writer = new LoadWriter(plan, Expected, buckets);
        var manifests = new HeldManifests(plan, documents);
        beside.Add(Watch.RunAsync(ending.Token));
        beside.Add(manifests.RunAsync(buckets.Bus, holding.Token));
        Manifests = manifests;
    }

    public LoadPlan Plan { get; }

    public Expectation Expected { get; }

    public AggregateWatch Watch { get; }

    public LoadWriter Writer { get; }

    public LoadedFleet Reached => fleet.Reached;

    public FleetApi Api { get; }

    /// <summary>Where it keeps its files, logs among them.</summary>
    public string Folder => fleet.Folder;

    public long Errors => buckets.Errors;

    private HeldManifests Manifests { get; }

    /// <summary>Starts one.</summary>
    /// <param name="devices">How many devices report.</param>
    /// <param name="deployments">How many Deployments there are.</param>
    /// <param name="others">Further devices, that may log in.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<LoadedStack> StartAsync(int devices, int deployments, ImmutableArray<DeviceId> others, CancellationToken cancellationToken)
    {
        var (plan, said) = (new LoadPlan(devices, deployments), new Progress<DeployNews>());
        var started = await OwnFleet.StartAsync(RepositoryRoot.Path, others, new NoWait(), said, TimeProvider.System, cancellationToken);
        var own = started.Value ?? throw new InvalidOperationException(started.Fault?.ToString());
        var client = new FleetApi(own.Reached);
        var documents = new DocumentWriter(plan, await new Stage(plan, own.Reached, client, said).ApplyAsync(cancellationToken), own.Reached.Master, TimeProvider.System);
        var stack = new LoadedStack(plan, own, client, await DeviceBuckets.OpenAsync(own.Reached, documents, cancellationToken), documents);
        await stack.Writer.ForAllAsync(stack.buckets.SayHelloAsync, _ => { }, cancellationToken);
        stack.beside.Add(stack.Writer.BeatAsync(stack.ending.Token));
        await Stage.UntilAsync(() => stack.Manifests.Missing == 0, cancellationToken);
        await stack.Writer.ForAllAsync(stack.Writer.FirstReportAsync, _ => { }, cancellationToken);
        await Stage.ConvergeAsync(stack.Expected, stack.Watch, cancellationToken);
        return stack;
    }

    /// <summary>The operator's process.</summary>
    public async Task<int> OperatorAsync() => await fleet.OperatorAsync() ?? throw new InvalidOperationException("No operator runs.");

    /// <summary>Every device reports again, each of its Deployments as running, or as failed.</summary>
    public Task ReportAllAsync(Random random, CancellationToken cancellationToken)
    {
        var seeds = Enumerable.Range(0, Plan.Devices).Select(_ => random.Next()).ToArray();
        return Writer.ForAllAsync(
            (device, token) =>
            {
                var (phases, chance) = (Expected.Of(device), new Random(seeds[device]));
                for (var at = 0; at < phases.Length; at++)
                {
                    phases[at] = chance.Next(2) == 0 ? Phase.Running : Phase.Failed;
                }

                return buckets.PutReportAsync(device, phases, token);
            },
            _ => { },
            cancellationToken);
    }

    /// <summary>Devices take no manifests from now on: nobody reads them but who measures.</summary>
    public Task LetGoAsync() => holding.CancelAsync();

    /// <summary>Measures the lag anew.</summary>
    public LagProbe Probe() => new(Plan, Expected, buckets, Watch);

    /// <summary>The nkey seed of a further device.</summary>
    public string SeedOf(DeviceId device) => fleet.SeedOf(device);

    /// <summary>Kills the operator, and waits until another process is in its place.</summary>
    public async Task KillOperatorAsync()
    {
        var before = await OperatorAsync();
        await RunningProcesses.SignalAsync(before, "KILL");
        while (await fleet.OperatorAsync() is not { } now || now == before)
        {
            await Task.Delay(5);
        }
    }

    /// <summary>Waits until the operator is ready and every aggregate right.</summary>
    /// <returns>How many are wrong.</returns>
    public async Task<int> ConvergeAsync(CancellationToken cancellationToken)
    {
        while (!await IsReadyAsync(cancellationToken))
        {
            await Task.Delay(20, cancellationToken);
        }

        await Stage.ConvergeAsync(Expected, Watch, cancellationToken);
        return Expected.Wrong(await Api.ListAsync(cancellationToken)).Union(Watch.Incoherent).Count();
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await holding.CancelAsync();
        await Task.WhenAll(beside).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.Dispose();
        holding.Dispose();
        await buckets.DisposeAsync();
        Api.Dispose();
        await fleet.DisposeAsync();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = Reached.Api };
        try
        {
            using var answer = await client.GetAsync(new Uri("/readyz", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>What ended is started again at once: its pauses are no part of what is measured.</summary>
    private sealed class NoWait : Random
    {
        public override double NextDouble() => 0;

        protected override double Sample() => 0;
    }
}
