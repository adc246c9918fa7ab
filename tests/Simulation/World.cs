using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Engine;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>A whole fleet, from one seed: first all goes wrong that can, then nothing more, and then it has to converge.</summary>
internal sealed class World
{
    public static readonly MasterKey Master = MasterKey.Parse(Convert.ToBase64String(new byte[32]));

    /// <summary>Keys are made of the same secret for all seeds, and made once.</summary>
    private static readonly ImmutableArray<DeviceId> Ids = [.. Enumerable.Range(1, 6).Select(number => DeviceId.Parse($"dev-{number}"))];

    private const double ChaosSeconds = 420;
    private const double QuietSeconds = 2400;

    /// <summary>By then manifests are what they should be, without waiting for a bucket to be read anew.</summary>
    private const double ManifestSeconds = 120;

    /// <summary>By then there is a leader.</summary>
    private const double LeaderSeconds = 30;

    public World(int seed, bool isTraced, PlantedBug bug)
    {
        (Seed, Trace) = (seed, new Trace(isTraced));
        Schedule = new Schedule(seed, Trace);
        Bus = new SimulatedBus(Schedule);
        Deployments = new(Schedule, ResourceTypes.Deployments, Versions);
        Devices = new(Schedule, ResourceTypes.Devices, Versions);
        Reader = new DocumentReader(Master);
        Planted = bug;
        Intent = new Intent(this);
        Invariants = new Invariants(this);
        Faults = new Faults(this);
        Administrator = new Administrator(this);
        Leaders = LeaderPair.IsIn(seed) ? new LeaderPair(this) : null;
        var count = Schedule.Random.Next(3, Ids.Length + 1);
        Agents = [.. Ids.Take(count).Select((id, at) => new SimulatedAgent(this, id, ImmutableSortedDictionary.CreateRange([KeyValuePair.Create("site", $"s{at % 2}")])))];
        Bus[BucketNames.DesiredState].Changed += Invariants.Put;
        Devices.Changed += (device, _) => Invariants.Known(device);
        Bus[BucketNames.DesiredState].Changed += stored => Publish(stored, Agents.First(agent => agent.Id.Value == stored.Key));
    }

    /// <summary>In one seed of ten the engine looks at one device a step for a Deployment that changed, as it does for many in a large fleet.</summary>
    public EngineOptions Options => Seed % 20 is 13 or 16 ? new() { MaxVisits = 1 } : new();

    public int Seed { get; }

    public Trace Trace { get; }

    public Schedule Schedule { get; }

    public Versions Versions { get; } = new();

    public SimulatedBus Bus { get; }

    public SimulatedStore<Deployment, DeploymentStatus> Deployments { get; }

    public SimulatedStore<Device, DeviceStatus> Devices { get; }

    public DocumentReader Reader { get; }

    /// <summary>What is made wrong on purpose.</summary>
    public PlantedBug Planted { get; }

    public Intent Intent { get; }

    public Invariants Invariants { get; }

    public Faults Faults { get; }

    public Administrator Administrator { get; }

    /// <summary>Two operators and their lease; null in the seeds in which nobody else can lead.</summary>
    public LeaderPair? Leaders { get; }

    public ImmutableArray<SimulatedAgent> Agents { get; }

    public List<SimulatedOperator> Operators { get; } = [];

    public SimulatedOperator Operator => Operators[^1];

    public SimulatedBucket BucketOf(WatchedBucket bucket) => Bus[bucket switch
    {
        WatchedBucket.DesiredState => BucketNames.DesiredState,
        WatchedBucket.DeviceInfo => BucketNames.DeviceInfo,
        WatchedBucket.DeviceState => BucketNames.DeviceState,
        _ => BucketNames.DeviceHeartbeat,
    }];

    /// <summary>A new operator, that knows nothing but what is stored.</summary>
    public void BeginOperator() => BeginOperator(Versions.NextTerm(), process: null);

    public SimulatedOperator BeginOperator(long term, OperatorProcess? process)
    {
        Operators.RemoveAll(one => !one.IsAlive);
        Operators.Add(new SimulatedOperator(this, term, process));
        Operator.Begin();
        return Operator;
    }

    public void Run()
    {
        var begin = Schedule.Now;
        if (Leaders is not null)
        {
            Leaders.Begin();
        }
        else
        {
            BeginOperator();
        }

        foreach (var agent in Agents)
        {
            Schedule.After(Schedule.Between(0, 60), agent.Start);
        }

        Administrator.Begin();
        Faults.Begin();
        if (HostileBroker.IsIn(Seed))
        {
            new HostileBroker(this).Begin();
        }

        if (ForcedRemoval.IsIn(Seed))
        {
            new ForcedRemoval(this).Begin();
        }

        Schedule.RunUntil(begin.AddSeconds(ChaosSeconds));
        Administrator.End();
        Faults.End();
        Settle();
    }

    private void Settle()
    {
        var (soon, end, isLookedAt, wasConverged) = (Schedule.Now.AddSeconds(ManifestSeconds + (Leaders is null ? 0 : LeaderSeconds)), Schedule.Now.AddSeconds(QuietSeconds), false, false);
        while (true)
        {
            Schedule.RunUntil(Schedule.Now.AddSeconds(15));
            var isHeld = Administrator.Approve();
            if (!isLookedAt && !isHeld && Schedule.Now >= soon)
            {
                isLookedAt = true;
                Check(Convergence.FirstWrongManifest(this), ManifestSeconds);
            }

            var wrong = Convergence.FirstWrong(this);
            if (wrong is null && wasConverged)
            {
                return;
            }

            wasConverged = wrong is null;
            if (Schedule.Now >= end)
            {
                Check(wrong, QuietSeconds);
            }
        }
    }

    private static void Check(string? wrong, double seconds)
    {
        if (wrong is not null)
        {
            throw new ViolationException("P2", $"{seconds} s after the last fault: {wrong}");
        }
    }

    /// <summary>What a bucket stored is published to the device: at times never, twice, or after newer ones.</summary>
    private void Publish(Stored stored, SimulatedAgent agent)
    {
        for (var copies = Faults.IsLost() ? Schedule.Random.Next(3) : 1; copies > 0 && !stored.IsDeleted; copies--)
        {
            Schedule.After(Schedule.Delay(), () =>
            {
                if (agent.Link.IsUp)
                {
                    agent.Offer(stored.Value, stored.Mac);
                }
            });
        }
    }
}
