using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>A device: the real gate over a disk, the real planner over containers, and documents that it keeps current on the bus.</summary>
internal sealed class SimulatedAgent
{
    private const double HeartbeatSeconds = 30;
    private const double ManifestSeconds = 600;
    private readonly World world;
    private readonly ManifestGate gate;
    private readonly AgentDocument info;
    private readonly AgentDocument report;
    private readonly AgentDocument heartbeat;
    private Refusal? refusal;
    private Refusal? said;
    private Refusal? told;
    private Digest? missing;
    private string instance = string.Empty;
    private DateTimeOffset started;
    private long bootOnDisk;
    private long boot;

    /// <summary>Its present start, as its documents tell; 0 before the first.</summary>
    public long Boot => boot;

    private long sequence;
    private TimeSpan errorAtBoot;
    private bool wasAhead;
    private int life;
    private int? alone;
    private bool isReconcileDue;

    public SimulatedAgent(World world, DeviceId id, ImmutableSortedDictionary<string, string> labels)
    {
        (this.world, Id, Labels) = (world, id, labels);
        gate = new ManifestGate(id, world.Reader.KeysOf(id));
        info = new AgentDocument(world, this, BucketNames.DeviceInfo, MessageKinds.Info, Info);
        report = new AgentDocument(world, this, BucketNames.DeviceState, MessageKinds.Report, Report) { Stored = _ => Told() };
        heartbeat = new AgentDocument(world, this, BucketNames.DeviceHeartbeat, MessageKinds.Heartbeat, Heartbeat) { Stored = Alone };
        Containers = new SimulatedReconciler(world, this);
        LivedBefore();
        Link.Turned = () => Schedule.After(Schedule.Between(0, 0.5), Connect);
    }

    public DeviceId Id { get; }

    public ImmutableSortedDictionary<string, string> Labels { get; }

    public bool IsRunning { get; private set; }

    /// <summary>When its owner put it away for good; null while it is in use.</summary>
    public DateTimeOffset? Retired { get; private set; }

    public bool IsRetired => Retired is not null;

    public Link Link { get; } = new();

    public SimulatedReconciler Containers { get; }

    /// <summary>What is on its disk: the newest manifest taken.</summary>
    public ManifestFloor? Floor { get; private set; }

    public DeviceManifest? Held { get; private set; }

    /// <summary>How far its clock is off.</summary>
    public TimeSpan ClockError
    {
        get;
        set
        {
            field = value;
            wasAhead |= value > TimeSpan.Zero;
        }
    }

    /// <summary>Whether its disk may be lost: one whose clock was once ahead would not be heard for as long, and then the Device must be deleted.</summary>
    public bool CanLoseDisk => !wasAhead;

    public DateTimeOffset Clock => Schedule.Now + ClockError;

    public int Life => life;

    private Schedule Schedule => world.Schedule;

    public void Start()
    {
        if (IsRunning || IsRetired)
        {
            return;
        }

        (IsRunning, instance, boot, sequence, started, refusal, missing) = (true, $"run-{world.Versions.Next()}", 0, 0, Schedule.Now, null, null);
        life++;
        world.Trace.Say($"{Id} starts");
        (Floor, Held) = world.Planted == PlantedBug.FloorNotKept ? (null, null) : (Floor, Held);
        Array.ForEach([info, report, heartbeat], document => document.Forget());
        Reconcile();
        Beat(life);
        ReadFromTimeToTime(life);
        Link.Turn(isUp: world.Bus.IsUp);
    }

    public void Stop()
    {
        if (IsRunning)
        {
            world.Trace.Say($"{Id} stops");
            IsRunning = false;
            life++;
            Link.Turn(isUp: false);
            if (Schedule.Chance(0.5))
            {
                world.Trace.Say($"{Id} was without power");
                Containers.CutPower();
            }
        }
    }

    /// <summary>Its owner puts it away.</summary>
    public void Retire()
    {
        Retired = Schedule.Now;
        Stop();
    }

    /// <summary>Its state is gone; its containers are the runtime's, and stay.</summary>
    public void LoseDisk()
    {
        Stop();
        world.Trace.Say($"{Id} loses its disk");
        (Floor, Held, bootOnDisk) = (null, null, 0);
        Containers.LoseScores();
        world.Invariants.DiskLost(Id);
    }

    /// <summary>A manifest came, from wherever.</summary>
    public void Offer(byte[] bytes, string? mac)
    {
        if (!IsRunning)
        {
            return;
        }

        switch (Judge(bytes, mac))
        {
            case ManifestVerdict.Accepted accepted:
                world.Trace.Say($"{Id} takes {accepted.Mark} with {accepted.Manifest.Entries.Length}: {string.Join(", ", accepted.Manifest.Entries.Select(entry => $"{entry.Name} {entry.ScoreDigest.Short}"))}");
                world.Invariants.Taken(Id, accepted.Manifest.Device, accepted.Mark);
                (Floor, Held, refusal, missing) = (new ManifestFloor(accepted.Mark, IsHeld: true), accepted.Manifest, null, null);
                Reconcile();
                report.Change();
                break;
            case ManifestVerdict.Refused refused when refusal?.Reason != refused.Reason || refusal.Generation != refused.Generation:
                world.Trace.Say($"{Id} refuses: {refused.Message}");
                refusal = new Refusal { Reason = refused.Reason, Generation = refused.Generation, Message = refused.Message, At = Clock };
                report.Change();
                break;
            case ManifestVerdict.AlreadyHeld when refusal is not null:
                refusal = null;
                report.Change();
                break;
            default:
                break;
        }
    }

    public void Changed() => report.Change();

    /// <summary>The address of a score that its manifest names and that it does not find; null for none.</summary>
    public Digest? Misses => missing;

    public void Missing(Digest? address)
    {
        if (missing != address)
        {
            missing = address;
            report.Change();
        }
    }

    public void Reconcile()
    {
        if (!isReconcileDue)
        {
            isReconcileDue = true;
            Schedule.After(Schedule.Between(0.05, 1), () =>
            {
                isReconcileDue = false;
                if (IsRunning)
                {
                    Containers.Bring(Held, Floor?.Mark);
                }
            });
        }
    }

    // Another heartbeat than its own was there: as the real agent does, it says all again when it has been alone for a while.
    private void Alone(bool isAnothers)
    {
        alone = isAnothers ? 0 : alone + 1;
        if (alone == 2)
        {
            alone = null;
            BeginBoot();
        }
    }

    private void Connect()
    {
        if (IsRunning && Link.IsUp)
        {
            info.Change();
            report.Change();
            Read();
        }
    }

    private ManifestVerdict Judge(byte[] bytes, string? mac) => (world.Planted, gate.Judge(Floor, bytes, mac)) switch
    {
        (PlantedBug.ForeignManifestTaken, ManifestVerdict.Refused { Reason: RefusalReason.BadMac } refused) =>
            world.Agents.Select(other => other.gate.Judge(floor: null, bytes, mac)).FirstOrDefault(verdict => verdict is ManifestVerdict.Accepted, refused),
        (PlantedBug.NoGenerationGate, _)
            or (PlantedBug.StaleTaken, ManifestVerdict.Refused { Reason: RefusalReason.Stale })
            or (PlantedBug.ForkTaken, ManifestVerdict.Refused { Reason: RefusalReason.Forked }) => gate.Judge(floor: null, bytes, mac),
        var (_, verdict) => verdict,
    };

    private void Read()
    {
        var mine = life;
        Schedule.After(Schedule.Delay(), () =>
        {
            if (Link.IsUp && world.Bus[BucketNames.DesiredState].Get(Id.Value) is { } found)
            {
                Schedule.After(Schedule.Delay(), () =>
                {
                    if (mine == life)
                    {
                        Offer(found.Value, found.Mac);
                    }
                });
            }
            else if (world.Planted == PlantedBug.AbsenceTaken && Link.IsUp && Held is not null)
            {
                Containers.Bring(Held with { Entries = [] }, Floor!.Value.Mark);
            }
        });
    }

    private void ReadFromTimeToTime(int mine) => Schedule.After(ManifestSeconds * Schedule.Between(0.8, 1.2), () =>
    {
        if (mine == life)
        {
            Read();
            info.Restate();
            report.Restate();
            ReadFromTimeToTime(mine);
        }
    });

    private void Beat(int mine) => Schedule.After(HeartbeatSeconds * Schedule.Between(0.9, 1.1), () =>
    {
        if (mine == life)
        {
            heartbeat.Change();
            Beat(mine);
        }
    });

    /// <summary>The place of the next document, as the real agent's counter has it.</summary>
    private DocumentOrder Next()
    {
        if (boot == 0 || ClockError - errorAtBoot > TimeSpan.FromMinutes(1))
        {
            BeginBoot();
        }

        return new DocumentOrder(boot, ++sequence);
    }

    private void BeginBoot()
    {
        var isFirst = boot == 0;
        (boot, errorAtBoot) = (Math.Max(Math.Max(bootOnDisk, boot) + 1, Clock.ToUnixTimeSeconds()), ClockError);
        bootOnDisk = boot;
        world.Trace.Say($"{Id} begins boot {boot}");
        if (!isFirst)
        {
            info.Change();
            report.Change();
        }
    }

    /// <summary>
    /// Before all this it stood at another site, and a hostile broker has kept what it said there: so long ago that no clock of these days is behind it. One that lost its
    /// disk and whose clock is behind what it once said is not heard, and its Device tells so (DocumentsOutdated): its labels are what was heard last.
    /// </summary>
    private void LivedBefore()
    {
        (bootOnDisk, instance) = (Clock.ToUnixTimeSeconds() - 1_000_000_000, "run-0");
        var elsewhere = Labels.SetItem("site", Labels["site"] == "s0" ? "s1" : "s0");
        world.Faults.Keep(BucketNames.DeviceInfo, Id, Info(new DocumentOrder(bootOnDisk, 1), elsewhere), MessageKinds.Info);
        world.Faults.Keep(BucketNames.DeviceState, Id, Report(new DocumentOrder(bootOnDisk, 2)), MessageKinds.Report);
    }

    private byte[] Info() => Info(Next(), Labels);

    private byte[] Info(DocumentOrder order, ImmutableSortedDictionary<string, string> labels) => JsonSerializer.SerializeToUtf8Bytes(
        new DeviceInfo { Device = Id, Instance = instance, Boot = order.Boot, Sequence = order.Sequence, CommandNonce = "nonce", At = Clock, AgentVersion = "1", Labels = labels },
        ContractsJson.Bus.DeviceInfo);

    private byte[] Heartbeat()
    {
        var order = Next();
        return JsonSerializer.SerializeToUtf8Bytes(
            new Heartbeat { Device = Id, Instance = instance, Boot = order.Boot, Sequence = order.Sequence, At = Clock, UptimeSeconds = (long)(Schedule.Now - started).TotalSeconds },
            ContractsJson.Bus.Heartbeat);
    }

    // That a score is missing is seen nowhere else: a refusal is told once before it.
    private byte[] Report()
    {
        said = missing is not null && (refusal is { Reason: RefusalReason.Stale } || refusal == told) ? null : refusal;
        return Report(Next());
    }

    private void Told()
    {
        if (said is not null)
        {
            told = said;
            if (missing is not null)
            {
                report.Change();
            }
        }
    }

    private byte[] Report(DocumentOrder order) => ReportDocument.ToBytes(new DeviceReport
    {
        Device = Id,
        Instance = instance,
        Boot = order.Boot,
        Sequence = order.Sequence,
        At = Clock,
        ManifestGeneration = Floor?.Mark.Generation,
        ManifestDigest = Floor?.Mark.Digest,
        Refusal = said is not null || missing is null
            ? said
            : new Refusal { Reason = RefusalReason.ScoreMissing, Generation = Floor?.Mark.Generation, Message = "missing", At = Clock },
        Deployments = Containers.Reports(Held, Clock),
    });
}
