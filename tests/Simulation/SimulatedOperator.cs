using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Engine;
using Harmony.Fleet.Core.Events;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>One life of an operator: a real engine, and its shell in a few lines. It knows nothing but what is stored.</summary>
internal sealed class SimulatedOperator
{
    private const double TickSeconds = 1;

    // A clock that is put back by no more is waited for.
    private static readonly TimeSpan MostBridged = TimeSpan.FromSeconds(5);

    private readonly World world;
    private readonly FleetEngine engine;
    private readonly Tampering bug;
    private readonly EffectRunner runner;
    private readonly List<FleetEvent> inbox = [];
    private bool isTurnDue;
    private BucketFeed[] feeds = [];
    private Action missDevices = () => { };
    private DateTimeOffset now;

    public SimulatedOperator(World world, long term, OperatorProcess? process)
    {
        (this.world, Term, Process) = (world, term, process);
        engine = new FleetEngine(world.Options, World.Master, new Random(Schedule.Random.Next()));
        bug = new Tampering(world.Planted, Schedule.Random);
        runner = new EffectRunner(world, this, bug);
    }

    public long Term { get; }

    /// <summary>Where it leads by a lease; null where nobody else can lead.</summary>
    public OperatorProcess? Process { get; }

    /// <summary>Its time, which never goes back.</summary>
    public DateTimeOffset Now => now;

    /// <summary>When its clock was last set.</summary>
    public DateTimeOffset WasSet { get; private set; }

    /// <summary>Whether another one may lead: it is looked at before each turn and each write.</summary>
    public bool IsLeadershipOver => Process?.IsLeadershipOver ?? false;

    public bool IsAlive { get; private set; } = true;

    public bool IsPaused { get; private set; }

    public Link Link { get; } = new();

    /// <summary>How many effects are under way.</summary>
    public int Open { get; set; }

    /// <summary>How many manifests it is about to send.</summary>
    public int OpenPuts { get; set; }

    public bool HasCaughtUp => engine.HasCaughtUp;

    private Schedule Schedule => world.Schedule;

    public void Begin()
    {
        world.Trace.Say($"operator {Term} begins");
        Hear(new FleetEvent.TermBegan(Term));
        Link.Turned += () => Hear(new FleetEvent.LinkChanged(Link.IsUp, Link.Connects));
        Schedule.After(Schedule.Delay(), () => Link.Turn(isUp: world.Bus.IsUp));
        List(world.Deployments, (all, _) => new FleetEvent.DeploymentsListed([.. all.Select(one => (one.Metadata.Namespace, one.Metadata.Name)), .. Poison()], []), (one, isGone) => isGone ? new FleetEvent.DeploymentGone(one) : new FleetEvent.DeploymentSeen(one));
        List(world.Devices, (all, answers) => new FleetEvent.DevicesListed([.. all.Select(one => one.Metadata.Name)], [], answers), (one, isGone) => isGone ? new FleetEvent.DeviceGone(one) : new FleetEvent.DeviceSeen(one));
        new MarkerSweep(world, this).Begin();
        Tick();
    }

    /// <summary>It is killed: what it sent may still arrive, and nothing is brought back.</summary>
    public void Kill()
    {
        world.Trace.Say($"operator {Term} is killed");
        IsAlive = false;
        Link.Turned = () => { };
    }

    /// <summary>It stands still: what comes waits.</summary>
    public void Pause() => IsPaused = true;

    /// <summary>It goes on, and does not know that its time is over.</summary>
    public void Wake() => IsPaused = false;

    /// <summary>Its machine's clock was set.</summary>
    public void ClockSet() => WasSet = Schedule.Now;

    /// <summary>Its watch of Devices ends: it learns of what happens to them now from its next list.</summary>
    public void MissDevices() => missDevices();

    public void Hear(FleetEvent happened)
    {
        if (IsAlive && bug.Heard(happened) is { } heard)
        {
            inbox.Add(heard);
            Plan(Schedule.Between(0, 0.02));
        }
    }

    private void Tick()
    {
        if (IsAlive)
        {
            Turn();
            Schedule.After(TickSeconds, Tick);
        }
    }

    private void Plan(double seconds)
    {
        if (!isTurnDue)
        {
            isTurnDue = true;
            Schedule.After(seconds, () =>
            {
                isTurnDue = false;
                Turn();
            });
        }
    }

    private void Turn()
    {
        if (!IsAlive || IsPaused || IsOver())
        {
            return;
        }

        var happened = inbox.ToArray();
        inbox.Clear();
        if (world.Planted == PlantedBug.GuardMissing)
        {
            happened = [.. happened.TakeWhile(one => one != PoisonedDeployment.Told)];
        }

        var step = engine.Step(happened, now);
        foreach (var notice in step.Notices)
        {
            if (notice is FleetNotice.Poisoned poisoned && !PoisonedDeployment.IsSubject(poisoned))
            {
                throw new ViolationException("no poison", $"{poisoned.Subject}: {poisoned.Error}");
            }
        }

        foreach (var effect in step.Effects)
        {
            Carry(effect);
        }

        if (!step.IsAllTaken)
        {
            Plan(0);
        }
    }

    // As the control loop does: one whose leadership is over ends, and one whose clock was put back begins anew.
    private bool IsOver()
    {
        if (IsLeadershipOver)
        {
            world.Trace.Say($"the leadership of operator {Term} is over");
            Process!.Kill(Schedule.Between(0.1, 5));
            return true;
        }

        var wall = Process?.Clock ?? Schedule.Now;
        if (now - wall > MostBridged)
        {
            Process!.BeginAnew();
            return true;
        }

        now = wall > now ? wall : now;
        return false;
    }

    private void Carry(FleetEffect decided)
    {
        switch (decided)
        {
            case FleetEffect.WatchBuckets when feeds.Length == 0:
                feeds = [.. Enum.GetValues<WatchedBucket>().Select(bucket => new BucketFeed(world, this, bucket, world.BucketOf(bucket)))];
                Array.ForEach(feeds, feed => feed.Begin());
                break;
            case FleetEffect.ReadAgain again:
                Array.ForEach(feeds, feed => feed.ReadAgain(again.Device));
                break;
            case not null when PoisonedDeployment.IsOf(decided):
                Hear(new FleetEvent.Finished(decided, new EffectResult.Done()));
                break;
            case { Target: not EffectTarget.Process }:
                runner.Start(decided);
                break;
            default:
                break;
        }
    }

    private IEnumerable<(string? Namespace, string Name)> Poison() => PoisonedDeployment.IsIn(world.Seed) ? [PoisonedDeployment.Listed] : [];

    private void List<T, TStatus>(SimulatedStore<T, TStatus> store, Func<ImmutableArray<T>, long, FleetEvent> listed, Func<T, bool, FleetEvent> told)
        where T : class, IResource
        where TStatus : class
    {
        if (!IsAlive)
        {
            return;
        }

        if (world.Faults.IsStoreAway)
        {
            Schedule.After(Schedule.Between(0.2, 3), () => List(store, listed, told));
            return;
        }

        var (all, answers, at) = (store.Items.Values.ToImmutableArray(), engine.Answers, Schedule.Now.AddSeconds(Schedule.Delay()));
        var watch = store.Watch(at, (one, isGone) => Hear(told(one, isGone)));
        missDevices = typeof(T) == typeof(Device) ? () => Again(1) : missDevices;
        Schedule.At(at, () =>
        {
            if (typeof(T) == typeof(Deployment) && PoisonedDeployment.IsIn(world.Seed))
            {
                Hear(PoisonedDeployment.Told);
            }

            foreach (var one in all)
            {
                Hear(told(one, false));
            }

            Hear(listed(all, answers));
        });
        Schedule.After(Schedule.Between(100, 400), () => Again(0));

        void Again(double seconds)
        {
            if (watch.IsOpen)
            {
                watch.IsOpen = false;
                Schedule.After(seconds, () => List(store, listed, told));
            }
        }
    }
}
