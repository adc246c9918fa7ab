using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.LoadTest.Agents;

/// <summary>A container runtime in memory, with ports and volumes of its own and no folders: every container runs until it is ended.</summary>
/// <param name="images">The images that are there; none can be pulled.</param>
/// <param name="time">The clock.</param>
internal sealed class MemoryRuntime(ImmutableArray<string> images, TimeProvider time) : IContainerRuntime
{
    private const int MostHints = 64;
    private readonly Lock gate = new();
    private readonly Dictionary<string, ObservedContainer> containers = new(StringComparer.Ordinal);
    private readonly List<Channel<ObservedContainer>> listeners = [];
    private long made;

    /// <summary>Ends a container that runs, as if by itself.</summary>
    /// <param name="which">Chooses among them.</param>
    /// <returns>Whether there was one.</returns>
    public bool EndOne(Random which)
    {
        string[] running;
        lock (gate)
        {
            running = [.. containers.Values.Where(container => container.State == ContainerState.Running).Select(container => container.Name)];
        }

        return running.Length > 0 && Change(running[which.Next(running.Length)], Ended);
    }

    /// <inheritdoc/>
    public Task<Outcome<RuntimeInfo>> InfoAsync(CancellationToken cancellationToken) => Task.FromResult<Outcome<RuntimeInfo>>(new RuntimeInfo("5.0.0-memory", "/"));

    /// <inheritdoc/>
    public Task<Outcome<ImmutableArray<ObservedContainer>>> ObserveAsync(string label, string value, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult<Outcome<ImmutableArray<ObservedContainer>>>(containers.Values.Where(container => container.Labels.GetValueOrDefault(label) == value).ToImmutableArray());
        }
    }

    /// <inheritdoc/>
    public Task<Outcome<string>> FindImageAsync(string reference, CancellationToken cancellationToken) => Task.FromResult<Outcome<string>>(
        images.Contains(reference) ? ImageOf(reference) : new Fault(FaultKind.NotFound, $"There is no image '{reference}'."));

    /// <inheritdoc/>
    public Task<Outcome<string>> EnsureImageAsync(string reference, CancellationToken cancellationToken) => Task.FromResult<Outcome<string>>(
        images.Contains(reference) ? ImageOf(reference) : new Fault(FaultKind.Permanent, $"There is no image '{reference}', and nowhere to pull it from."));

    /// <inheritdoc/>
    public Task<Outcome<string>> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (WhyNot(spec) is { } fault)
            {
                return Task.FromResult<Outcome<string>>(fault);
            }

            var id = Digest.Of(BitConverter.GetBytes(++made)).Value;
            containers[spec.Name] = Made(spec, id);
            return Task.FromResult<Outcome<string>>(id);
        }
    }

    /// <inheritdoc/>
    public Task<Outcome<Done>> StartAsync(string container, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var found = Find(container);
            Fault? fault = found is null ? new Fault(FaultKind.NotFound, $"There is no container '{container}'.")
                : found.State != ContainerState.Running && TakenPort(found) is { } port ? new Fault(FaultKind.Transient, $"Port {port} is in use.")
                : null;
            if (fault is null && found!.State != ContainerState.Running)
            {
                Change(container, it => it with { State = ContainerState.Running, StateText = "running", ExitCode = null, StartedAt = time.GetUtcNow() });
            }

            return Task.FromResult<Outcome<Done>>(fault is null ? default(Done) : fault);
        }
    }

    /// <inheritdoc/>
    public Task<Outcome<Done>> StopAsync(string container, TimeSpan grace, CancellationToken cancellationToken)
    {
        Change(container, it => it.State == ContainerState.Running ? Ended(it) : it);
        return Task.FromResult<Outcome<Done>>(default(Done));
    }

    /// <inheritdoc/>
    public Task<Outcome<Done>> RemoveAsync(string container, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (Find(container) is { } found)
            {
                containers.Remove(found.Name);
                Tell(found);
            }
        }

        return Task.FromResult<Outcome<Done>>(default(Done));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LogChunk> LogsAsync(string container, int tail, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        lock (gate)
        {
            if (Find(container) is null)
            {
                throw new ContainerRuntimeException(new Fault(FaultKind.NotFound, $"There is no container '{container}'."));
            }
        }

        yield break; // They say nothing.
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> EventsAsync(string label, string value, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<ObservedContainer>(new BoundedChannelOptions(MostHints) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (gate)
        {
            listeners.Add(channel);
        }

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
            lock (gate)
            {
                listeners.Remove(channel);
            }
        }
    }

    private static string ImageOf(string reference) => Digest.Of(System.Text.Encoding.UTF8.GetBytes(reference)).Value;

    private static ObservedContainer Made(ContainerSpec spec, string id) => new()
    {
        Id = id,
        Name = spec.Name,
        State = ContainerState.Created,
        StateText = "created",
        Image = spec.Image,
        ImageId = ImageOf(spec.Image),
        ImageDigest = "sha256:" + ImageOf(spec.Image),
        Entrypoint = spec.Command,
        Command = spec.Args,
        Env = spec.Env,
        Labels = spec.Labels,
        Ports = spec.Ports,
        Mounts = spec.Mounts,
        RestartPolicy = RestartPolicyNames.Of(spec.RestartPolicy),
        StopTimeoutSeconds = spec.StopTimeoutSeconds,
        MemoryBytes = spec.MemoryBytes,
        CpuMillicores = spec.CpuMillicores,
        ImageDefaults = new(),
    };

    private ObservedContainer Ended(ObservedContainer container) =>
        container with { State = ContainerState.Exited, StateText = "exited", ExitCode = 0, FinishedAt = time.GetUtcNow() };

    private Fault? WhyNot(ContainerSpec spec) =>
        containers.ContainsKey(spec.Name) ? new Fault(FaultKind.Conflict, $"The name '{spec.Name}' is in use.")
        : !images.Contains(spec.Image) ? new Fault(FaultKind.Permanent, $"There is no image '{spec.Image}'.")
        : spec.Mounts.FirstOrDefault(mount => mount.Kind == MountKind.Bind) is { } bind ? new Fault(FaultKind.Permanent, $"The folder '{bind.Source}' does not exist.")
        : null;

    private int? TakenPort(ObservedContainer starting) => starting.Ports.Select(port => (int?)port.HostPort).FirstOrDefault(port =>
        containers.Values.Any(other => other.State == ContainerState.Running && other.Name != starting.Name && other.Ports.Any(taken => taken.HostPort == port)));

    private bool Change(string idOrName, Func<ObservedContainer, ObservedContainer> change)
    {
        lock (gate)
        {
            if (Find(idOrName) is not { } found)
            {
                return false;
            }

            containers[found.Name] = change(found);
            Tell(found);
            return true;
        }
    }

    private ObservedContainer? Find(string idOrName) => containers.GetValueOrDefault(idOrName) ?? containers.Values.FirstOrDefault(container => container.Id == idOrName);

    private void Tell(ObservedContainer container) => listeners.ForEach(listener => listener.Writer.TryWrite(container));
}
