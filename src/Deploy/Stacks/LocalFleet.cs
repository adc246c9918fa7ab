using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Files;
using Harmony.Fleet.Deploy.Keys;
using Harmony.Fleet.Deploy.Machines;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>A whole fleet on this machine, from one data folder: control plane and virtual devices. Lives as long as this process.</summary>
public sealed class LocalFleet : IAsyncDisposable
{
    private static readonly TimeSpan HurryPoll = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan WishPoll = TimeSpan.FromMilliseconds(500);

    private readonly LocalFleetOptions options;
    private readonly IProgress<DeployNews> progress;
    private IProgress<DeployNews> steps;
    private readonly TimeProvider time;
    private readonly LockFile held;
    private readonly StackFiles documents;
    private readonly LocalMachine machine;
    private ServerStanding? server;
    private ImmutableArray<AgentStanding> devices = [];
    private int natsNodes = 1;
    private StackWish handled = new() { Id = string.Empty };
    private Fault? refused;
    private StackState? said;
    private bool isDisposed;

    private LocalFleet(LocalFleetOptions options, LockFile held, StackFiles documents, IProgress<DeployNews> progress, TimeProvider time)
    {
        this.options = options;
        this.held = held;
        this.documents = documents;
        (this.progress, steps) = (progress, progress);
        this.time = time;
        machine = new LocalMachine(
            new LocalMachineOptions
            {
                DataFolder = options.DataFolder,
                BaseFolder = options.BaseFolder,
                Home = options.Home,
                Agent = options.Agent,
                FixedPorts = [.. new[] { options.ApiPort, options.NatsPort, options.ReservedPort }.OfType<int>()],
                Random = options.Random,
                Say = text => progress.Report(DeployNews.Note(text)),
            },
            time);
    }

    /// <summary>The control plane.</summary>
    public ServerStanding Server => server ?? throw new InvalidOperationException("The stack is not up.");

    /// <summary>The devices that stand.</summary>
    public ImmutableArray<AgentStanding> Devices => devices;

    /// <summary>The id of a stack's device; they count from 1.</summary>
    public static DeviceId DeviceAt(int number) => DeviceId.Parse($"device-{number}");

    /// <summary>Puts a whole fleet in place. What was begun is ended again where it does not succeed, or is cancelled.</summary>
    /// <returns>The fleet, all of which stands; or why not.</returns>
    public static async Task<Outcome<LocalFleet>> StartAsync(
        LocalFleetOptions options, IProgress<DeployNews> progress, TimeProvider time, CancellationToken cancellationToken)
    {
        if ((new StackLeftovers(options.DataFolder, time).Conflict() ?? new StackMark(options.DataFolder).Refusal()) is { } refusal)
        {
            return refusal;
        }

        var files = new LocalFiles(options.DataFolder);
        var taken = await StackLock.TakeAsync(files, cancellationToken);
        if (!taken.IsOk)
        {
            return taken.Fault;
        }

        var stack = new LocalFleet(options, taken.Value, new StackFiles(files), progress, time);
        var succeeded = false;
        try
        {
            if (await stack.RiseAsync(cancellationToken) is { } fault)
            {
                return fault;
            }

            succeeded = true;
            stack.steps = options.Growth ?? progress;
            return stack;
        }
        finally
        {
            if (!succeeded)
            {
                await stack.DisposeAsync();
            }
        }
    }

    /// <summary>Follows the wish of the data folder, until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(WishPoll, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            var wish = await documents.WishAsync(CancellationToken.None);
            if (wish is { IsOk: true, Value: { } wished } && wished != handled)
            {
                handled = wished;
                await FollowAsync(cancellationToken);
            }

            // One that cannot be read wishes for nothing new.
            if (wish.Fault is { } unreadable && unreadable != refused)
            {
                progress.Report(DeployNews.Note(unreadable.ToString()));
            }

            refused = wish.Fault;

            await RefreshAsync();
            OwnLog.Rotate(machine.PathOf(StackPaths.Log));
        }
    }

    /// <summary>Ends everything; leaves no process behind. Containers have their grace period, unless somebody asks for a quick end meanwhile.</summary>
    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
        {
            return;
        }

        isDisposed = true;
        await SayAsync(StackPhase.Stopping, null);
        using var hurry = new CancellationTokenSource();
        var stopping = machine.StopAsync(ForecastAsync, hurry.Token);
        while (!stopping.IsCompleted)
        {
            await Task.WhenAny(stopping, Task.Delay(HurryPoll, time, CancellationToken.None));
            if (documents.IsHurried)
            {
                await hurry.CancelAsync();
            }
        }

        await stopping;
        documents.Clear();
        held.Dispose();
    }

    private async Task<Fault?> RiseAsync(CancellationToken cancellationToken)
    {
        if (await new StackMark(options.DataFolder).SetAsync(cancellationToken) is { } unmarked)
        {
            return unmarked;
        }

        var wish = await documents.WishAsync(cancellationToken);
        if (!wish.IsOk)
        {
            return wish.Fault;
        }

        if (wish.Value is not { } before)
        {
            return Fault.Permanent($"{documents.WishPath} was removed meanwhile", "try again");
        }

        var count = options.Devices ?? (before.HasStood ? before.Devices : 1);
        natsNodes = options.NatsNodes ?? before.NatsNodes;
        handled = before with { Devices = count, HasStood = true, NatsNodes = natsNodes };

        // What a stack that was killed left: nobody is to be led to its ports, and what still runs must not be in the way. Containers go on.
        documents.Clear();
        await new StackLeftovers(options.DataFolder, time).EndAsync();
        if (FreePorts.Refusal([(options.NatsPort, "--nats-port"), (options.ApiPort, "--api-port")]) is { } busy)
        {
            return busy;
        }

        if (await SayAsync(StackPhase.Starting, null) is { } unwritable)
        {
            return unwritable;
        }

        if (before.HasStood && MissingKey() is { } lost)
        {
            return lost;
        }

        if (natsNodes != before.NatsNodes && await new NatsChange(options.DataFolder, documents).RunAsync(before, natsNodes, progress, cancellationToken) is { } unchanged)
        {
            return unchanged;
        }

        if (await new ProgramSetup(machine, progress).RunAsync(count, cancellationToken) is { } missing)
        {
            return missing;
        }

        if (await DeployAsync(count, cancellationToken) is { } fault)
        {
            return fault;
        }

        return await documents.WriteAsync(handled, cancellationToken)
            ?? await documents.WriteAsync(Endpoint(), cancellationToken)
            ?? await SayAsync(StackPhase.Ready, null);
    }

    /// <summary>A folder that was set up before has its keys: to make others would orphan all that they protect.</summary>
    private Fault? MissingKey()
    {
        string[] names = [KeyPaths.Master, KeyPaths.OperatorSeed, KeyPaths.ApiToken];
        return Array.Find(names, name => !File.Exists(machine.PathOf(name))) is { } name
            ? Fault.Permanent($"{machine.PathOf(name)} is missing, though this fleet was set up before", "put it back from a backup: fleet restore FILE --replace")
            : null;
    }

    private async Task<Fault?> DeployAsync(int count, CancellationToken cancellationToken)
    {
        ImmutableArray<DeviceId> ids = [.. Enumerable.Range(1, count).Select(DeviceAt)];
        var score = new FleetServerScore { Devices = ids, ApiPort = options.ApiPort, NatsPort = options.NatsPort, NatsNodes = natsNodes, Telemetry = options.Telemetry };

        // A device's podman needs nobody: it is started, and given its images, beside the control plane.
        var prepared = Task.WhenAll(ids.Skip(devices.Length).Select(id => PrepareAsync(id, cancellationToken)));
        Outcome<ServerStanding> standing;
        try
        {
            standing = await score.DeployAsync(machine, steps, time, cancellationToken);
        }
        finally
        {
            // Nothing goes on being started that nobody knows of when all of it is ended.
            await ((Task)prepared).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!standing.IsOk)
        {
            return standing.Fault;
        }

        server = standing.Value;
        var added = await Task.WhenAll(ids.Skip(devices.Length).Select(id => AddAsync(id, cancellationToken)));

        // Those that stand are kept though others may not.
        devices = [.. devices, .. added.TakeWhile(attempt => attempt.IsOk).Select(attempt => attempt.Value!)];
        return Array.Find(added, attempt => !attempt.IsOk).Fault;
    }

    /// <summary>What fails here is tried again, and told, when the device is added.</summary>
    private async Task PrepareAsync(DeviceId id, CancellationToken cancellationToken)
    {
        if ((await machine.PodmanAsync(id, cancellationToken)).Value is { } socket)
        {
            await SampleImages.LoadAsync(id, socket, steps, time, cancellationToken);
        }
    }

    private async Task<Outcome<AgentStanding>> AddAsync(DeviceId id, CancellationToken cancellationToken)
    {
        steps.Report(DeployNews.Begun(id.Value));
        var score = new FleetAgentScore { Device = id, Server = Server, Labels = ImmutableSortedDictionary<string, string>.Empty.Add("group", "local") };
        var agent = await score.DeployAsync(machine, time, cancellationToken);
        if (agent.IsOk)
        {
            steps.Report(DeployNews.Done(id.Value, "reachable"));
        }

        return agent;
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            var wished = handled.Devices;
            var fault = wished > devices.Length ? await DeployAsync(wished, cancellationToken) : null;
            if (fault is not null)
            {
                steps.Report(DeployNews.Note(fault.ToString()));
            }

            await SayAsync(StackPhase.Ready, fault);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The caller ends the stack, this device's parts with it.
        }
    }

    /// <summary>Whoever waits is told for how long; who looks on is told once, and again when containers have had their time.</summary>
    private Task ForecastAsync(StopForecast forecast)
    {
        var now = time.GetUtcNow();
        var news = new StopNews.Containers(forecast.Containers, now + forecast.Longest, forecast.Late);
        if (news.Count > 0 && (said?.EndsBy is null || news.Late is not null))
        {
            progress.Report(DeployNews.Note(news.Sentence(now, documents.IsHurried ? null : options.HurryCommand)));
        }

        said = said is null ? null : said with { Stopping = news.Count, EndsBy = news.EndsBy, Late = news.Late };
        return said is null ? Task.CompletedTask : documents.WriteAsync(said, CancellationToken.None);
    }

    private StackFile Endpoint() => new()
    {
        Server = Server.Operator.Url.GetLeftPart(UriPartial.Authority),
        TokenFile = Server.Operator.TokenFile,
        NatsUrl = Server.Nats.Url,
        Telemetry = options.Telemetry,
    };

    private async Task<Fault?> SayAsync(StackPhase phase, Fault? fault)
    {
        said = await StateAsync(phase, fault);
        return await documents.WriteAsync(said, CancellationToken.None);
    }

    private async Task<StackState> StateAsync(StackPhase phase, Fault? fault) => new()
    {
        Phase = phase,
        Supervisor = ProcessIdentity.Self,
        Folder = options.DataFolder,
        Devices = devices.Length,
        Wished = handled.Devices,
        Request = handled.Request,
        Fault = fault?.ToString(),
        Parts = await machine.PartsAsync(),
    };

    /// <summary>Says it again where a part went down, or came up again.</summary>
    private async Task RefreshAsync()
    {
        var parts = await machine.PartsAsync();
        if (said is not null && !said.Parts.SequenceEqual(parts))
        {
            said = said with { Parts = parts };
            await documents.WriteAsync(said, CancellationToken.None);
        }
    }
}
