using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Tests.Harness.Containers;

/// <summary>A container runtime in memory. It passes the conformance suite that the real adapter passes.</summary>
public sealed class FakeContainerRuntime(TimeProvider time) : IContainerRuntime
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, FakeImage> registry = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FakeImage> images = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ObservedContainer> containers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<LogChunk>> logs = new(StringComparer.Ordinal);
    private readonly List<Channel<ObservedContainer>> listeners = [];
    private readonly List<string> writes = [];
    private int made;

    public FakeContainerRuntime()
        : this(TimeProvider.System)
    {
    }

    /// <summary>Why it cannot be reached; null when it can.</summary>
    public string? Away { get; set; }

    /// <summary>Faults by operation (<c>ensure</c>, <c>create</c>, ...) and reference or container; null to go on.</summary>
    public Func<string, string, Fault?>? Fault { get; set; }

    /// <summary>Awaited after each write has happened, with its text: throw here to die between two effects.</summary>
    public Func<string, Task>? AfterWrite { get; set; }

    /// <summary>Awaited before an image is pulled: hold it here to make a pull last.</summary>
    public Func<string, CancellationToken, Task>? BeforePull { get; set; }

    /// <summary>Awaited before anything is looked at: hold it here to make a look last.</summary>
    public Func<CancellationToken, Task>? BeforeObserve { get; set; }

    /// <summary>Bind sources that do not exist.</summary>
    public ISet<string> MissingPaths { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Changes what a container becomes when it is made: a runtime that does not do as it is told.</summary>
    public Func<ObservedContainer, ObservedContainer>? Making { get; set; }

    /// <summary>Every write so far, for example <c>create a.b.c</c>; a pull is one.</summary>
    public ImmutableArray<string> Writes => Locked(() => writes.ToImmutableArray());

    /// <summary>How often everything was looked at.</summary>
    public int Observations { get; private set; }

    /// <summary>Every container.</summary>
    public ImmutableArray<ObservedContainer> Containers => Locked(() => containers.Values.ToImmutableArray());

    /// <summary>Puts an image where it can be pulled from. A reference that has one already moves on.</summary>
    public FakeImage Publish(string reference, ImageDefaults? defaults = null, string? content = null) =>
        Locked(() => registry[reference] = FakeImage.Of(content ?? reference, defaults));

    /// <summary>Somebody else's hand pulls what the registry has by now.</summary>
    public void Repull(string reference) => Locked(() => images[reference] = registry[reference]);

    /// <summary>Somebody else's hand changes a container.</summary>
    public void Change(string name, Func<ObservedContainer, ObservedContainer> change) => Locked(() => containers[name] = change(containers[name]));

    /// <summary>Somebody else's hand adds a container.</summary>
    public void Add(ObservedContainer container) => Locked(() => containers[container.Name] = container);

    /// <summary>A container ends by itself: just now, or when nobody looked.</summary>
    public void End(string name, int exitCode, bool isJustNow = false)
    {
        DateTimeOffset? at = isJustNow ? time.GetUtcNow() : null;
        Change(name, container => container with { State = ContainerState.Exited, StateText = "exited", ExitCode = exitCode, FinishedAt = at });
        Tell(name);
    }

    /// <summary>A container writes to its log.</summary>
    public void Print(string name, string line, bool isError = false) =>
        Locked(() => LogOf(name).Add(new LogChunk(isError, Encoding.UTF8.GetBytes(line + "\n"))));

    public Task<Outcome<RuntimeInfo>> InfoAsync(CancellationToken cancellationToken) => Task.FromResult(
        Refusal("info", string.Empty) is { } failure ? failure : (Outcome<RuntimeInfo>)new RuntimeInfo("4.3.1-fake", "/"));

    public async Task<Outcome<ImmutableArray<ObservedContainer>>> ObserveAsync(string label, string value, CancellationToken cancellationToken)
    {
        Observations++;
        await (BeforeObserve?.Invoke(cancellationToken) ?? Task.CompletedTask);
        return Refusal("observe", value) is { } failure
            ? failure
            : Locked(() => containers.Values.Where(container => container.Labels.GetValueOrDefault(label) == value).ToImmutableArray());
    }

    public Task<Outcome<string>> FindImageAsync(string reference, CancellationToken cancellationToken) => Task.FromResult<Outcome<string>>(
        Refusal("ensure", reference) is { } failure ? failure
        : Locked(() => images.GetValueOrDefault(reference)) is { } present ? present.Id
        : new Fault(FaultKind.NotFound, $"There is no image '{reference}' on the device."));

    public async Task<Outcome<string>> EnsureImageAsync(string reference, CancellationToken cancellationToken)
    {
        var there = await FindImageAsync(reference, cancellationToken);
        if (there.IsOk || there.Fault.Kind != FaultKind.NotFound)
        {
            return there;
        }

        if (Locked(() => registry.GetValueOrDefault(reference)) is not { } image)
        {
            return new Fault(FaultKind.Permanent, $"There is no image '{reference}'.");
        }

        await (BeforePull?.Invoke(reference, cancellationToken) ?? Task.CompletedTask);
        Locked(() => images[reference] = image);
        await WroteAsync($"pull {reference}");
        return image.Id;
    }

    public async Task<Outcome<string>> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken)
    {
        if ((Refusal("create", spec.Name) ?? Locked(() => WhyNot(spec))) is { } failure)
        {
            return failure;
        }

        var id = Digest.Of(BitConverter.GetBytes(Interlocked.Increment(ref made))).Value;
        var container = Locked(() => ObservedFrom.Spec(spec, id, images[spec.Image]));
        Locked(() => containers[spec.Name] = Making?.Invoke(container) ?? container);
        Tell(spec.Name);
        await WroteAsync($"create {spec.Name}");
        return id;
    }

    public async Task<Outcome<Done>> StartAsync(string container, CancellationToken cancellationToken)
    {
        if (Refusal("start", container) is { } failure)
        {
            return failure;
        }

        if (Find(container) is not { } found)
        {
            return new Fault(FaultKind.NotFound, $"There is no container '{container}'.");
        }

        if (found.State == ContainerState.Running)
        {
            return default(Done);
        }

        if (Locked(() => TakenPort(found)) is { } port)
        {
            return new Fault(FaultKind.Transient, $"Port {port} is in use.");
        }

        Change(found.Name, it => it with { State = ContainerState.Running, StateText = "running", ExitCode = null, StartedAt = time.GetUtcNow() });
        Tell(found.Name);
        await WroteAsync($"start {found.Name}");
        return default(Done);
    }

    public async Task<Outcome<Done>> StopAsync(string container, TimeSpan grace, CancellationToken cancellationToken)
    {
        if (Refusal("stop", container) is { } failure)
        {
            return failure;
        }

        if (Find(container) is { State: ContainerState.Running } found)
        {
            End(found.Name, 143);
            await WroteAsync($"stop {found.Name}");
        }

        return default(Done);
    }

    public async Task<Outcome<Done>> RemoveAsync(string container, CancellationToken cancellationToken)
    {
        if (Refusal("remove", container) is { } failure)
        {
            return failure;
        }

        if (Find(container) is { } found)
        {
            Tell(found.Name);
            Locked(() => containers.Remove(found.Name));
            await WroteAsync($"remove {found.Name}");
        }

        return default(Done);
    }

    public async IAsyncEnumerable<LogChunk> LogsAsync(
        string container, int tail, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Refusal("logs", container) is { } failure)
        {
            throw new ContainerRuntimeException(failure);
        }

        var found = Find(container)
            ?? throw new ContainerRuntimeException(new Fault(FaultKind.NotFound, $"There is no container '{container}'."));
        var next = Math.Max(0, Locked(() => LogOf(found.Name).Count) - tail);
        while (true)
        {
            foreach (var chunk in Locked(() => LogOf(found.Name).Skip(next).ToArray()))
            {
                next++;
                yield return chunk;
            }

            if (!follow || Find(container)?.State != ContainerState.Running)
            {
                yield break;
            }

            await Task.Delay(5, cancellationToken);
        }
    }

    public async IAsyncEnumerable<string> EventsAsync(string label, string value, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Refusal("events", value) is { } failure)
        {
            throw new ContainerRuntimeException(failure);
        }

        var channel = Channel.CreateBounded<ObservedContainer>(new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropOldest });
        Locked(() => listeners.Add(channel));
        try
        {
            await foreach (var container in channel.Reader.ReadAllAsync(cancellationToken))
            {
                if (container.Labels.GetValueOrDefault(label) == value)
                {
                    yield return container.Name;
                }
            }
        }
        finally
        {
            Locked(() => listeners.Remove(channel));
        }
    }

    /// <summary>The runtime goes away: event streams end.</summary>
    public void Leave(string reason)
    {
        Away = reason;
        foreach (var listener in Locked(() => listeners.ToArray()))
        {
            listener.Writer.TryComplete();
        }
    }

    private Fault? Refusal(string operation, string target) => Away is { } reason
        ? new Fault(FaultKind.Unreachable, reason)
        : Fault?.Invoke(operation, target);

    private Fault? WhyNot(ContainerSpec spec)
    {
        if (containers.ContainsKey(spec.Name))
        {
            return new Fault(FaultKind.Conflict, $"The name '{spec.Name}' is in use.");
        }

        if (!images.ContainsKey(spec.Image))
        {
            return new Fault(FaultKind.Permanent, $"There is no image '{spec.Image}'.");
        }

        return spec.Mounts.FirstOrDefault(mount => mount.Kind == MountKind.Bind && MissingPaths.Contains(mount.Source)) is { } missing
            ? new Fault(FaultKind.Permanent, $"The folder '{missing.Source}' does not exist.")
            : null;
    }

    private int? TakenPort(ObservedContainer starting) => starting.Ports
        .Where(port => containers.Values.Any(other => other.State == ContainerState.Running && other.Name != starting.Name
            && other.Ports.Any(taken => taken.HostPort == port.HostPort && taken.Protocol == port.Protocol)))
        .Select(port => (int?)port.HostPort)
        .FirstOrDefault();

    private ObservedContainer? Find(string idOrName) => Locked(() =>
        containers.GetValueOrDefault(idOrName) ?? containers.Values.FirstOrDefault(container => container.Id == idOrName));

    private List<LogChunk> LogOf(string name)
    {
        if (!logs.TryGetValue(name, out var log))
        {
            logs[name] = log = [];
        }

        return log;
    }

    /// <summary>Those who listen hear of a container, whether or not it changed.</summary>
    public void Tell(string name)
    {
        foreach (var listener in Locked(() => listeners.ToArray()))
        {
            if (Find(name) is { } container)
            {
                listener.Writer.TryWrite(container);
            }
        }
    }

    private Task WroteAsync(string write)
    {
        Locked(() => writes.Add(write));
        return AfterWrite?.Invoke(write) ?? Task.CompletedTask;
    }

    private T Locked<T>(Func<T> work)
    {
        lock (gate)
        {
            return work();
        }
    }

    private void Locked(Action work)
    {
        lock (gate)
        {
            work();
        }
    }
}
