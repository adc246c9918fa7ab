using Harmony.Fleet.Adapters.Podman;
using Harmony.Fleet.Cli.Applying;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Manifests;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Cli.Waiting;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Images;

namespace Harmony.Fleet.Cli.Demo;

/// <summary>The Deployment <c>hello-web</c>, as a user would handle it, and its container, as podman shows it.</summary>
internal sealed class DemoDeployment(CliHost host, FleetClient client, PodmanRuntime podman, int port) : IDisposable
{
    /// <summary>Its name.</summary>
    public const string Name = "hello-web";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What a device says for this long it will not mend by trying again.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly DemoPage page = new(host);

    // Waiting tells of its progress on stderr, where the demo's own steps are shown.
    private readonly CliHost quiet = host with { Console = new CliConsole(TextWriter.Null, TextWriter.Null, Stream.Null) };

    /// <summary>Where the page is.</summary>
    public Uri Url { get; } = new($"http://127.0.0.1:{port}/");

    /// <summary>The port of a deployment that is there already; null where there is none.</summary>
    public static async Task<Outcome<int?>> PortOfAsync(FleetClient client, CancellationToken cancellationToken)
    {
        var found = await client.GetAsync(ResourceTypes.Deployments, NamespaceOptions.Default, Name, cancellationToken);
        if (!found.IsOk)
        {
            return found.Fault.Reason == StatusReasons.NotFound ? (int?)null : found.Fault;
        }

        return found.Value.Resource.Spec.Score.PodmanV0?.Containers.FirstOrDefault()?.Ports.FirstOrDefault()?.HostPort;
    }

    /// <summary>Whether its container runs and publishes <paramref name="port"/>.</summary>
    public static async Task<Outcome<bool>> RunsOnAsync(PodmanRuntime podman, int port, CancellationToken cancellationToken)
    {
        var container = await ContainerAsync(podman, cancellationToken);
        return container.IsOk ? container.Value is { State: ContainerState.Running } runs && runs.Ports.Any(mapping => mapping.HostPort == port) : container.Fault;
    }

    /// <summary>Builds the image of <paramref name="version"/> in the device's podman: no registry is asked.</summary>
    /// <returns>Its reference.</returns>
    public async Task<Outcome<string>> BuildAsync(int version, CancellationToken cancellationToken)
    {
        var built = await HelloWebImage.EnsureAsync(podman, version, cancellationToken);
        return built.IsOk ? built.Value : Fault.Permanent($"the image {HelloWebImage.Reference(version)} could not be built ({built.Fault.ToString().TrimEnd('.')})");
    }

    /// <summary>Applies <paramref name="version"/>.</summary>
    public async Task<Outcome<ApplyVerb>> ApplyAsync(int version, CancellationToken cancellationToken)
    {
        var document = DeploymentBuilder.Build(Flags(version));
        if (!document.IsOk)
        {
            return document.Fault;
        }

        var manifest = new ManifestReader(NamespaceOptions.Default).Read(document.Value);
        if (!manifest.IsOk)
        {
            return manifest.Fault;
        }

        var applied = await new Applier(quiet, client).ApplyAsync(manifest.Value, cancellationToken);
        return applied.IsOk ? applied.Value.Verb : applied.Fault;
    }

    /// <summary>Waits until the device says Running. Why it fails is told as soon as the device knows; where that lasts, it is not waited for any longer.</summary>
    public async Task<Outcome<int>> RunningAsync(Action<string> tell, CancellationToken cancellationToken)
    {
        var waited = await UnlessItFailsAsync(
            token => new DeploymentWait(quiet, client).RunAsync(NamespaceOptions.Default, Name, WaitGoal.Converged, Patience, token), tell, cancellationToken);
        if (!waited.IsOk)
        {
            return waited.Fault;
        }

        var succeeded = waited.Value?.Status?.Aggregate.Succeeded ?? 0;
        return succeeded > 0 ? succeeded : Fault.Permanent($"{Name} has converged on no device", $"see {host.Line("get devices")}");
    }

    /// <summary>Waits for <paramref name="wait"/>, and no longer when the device says for a while why it cannot be. What it says is told at once.</summary>
    private async Task<Outcome<T>> UnlessItFailsAsync<T>(Func<CancellationToken, Task<Outcome<T>>> wait, Action<string> tell, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waiting = wait(enough.Token);
        var failure = await FailureAsync(waiting, tell, cancellationToken);
        if (failure is null)
        {
            return await waiting;
        }

        await enough.CancelAsync();
        await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return failure;
    }

    /// <summary>What a device says for so long that it will not change; null when <paramref name="waiting"/> ended before.</summary>
    private async Task<Fault?> FailureAsync(Task waiting, Action<string> tell, CancellationToken cancellationToken)
    {
        var told = string.Empty;
        long since = 0;
        while (!waiting.IsCompleted)
        {
            var reason = await ReasonAsync(cancellationToken);
            if (reason.Length > 0 && reason != told)
            {
                tell(reason);
            }

            since = reason.Length == 0 || told.Length == 0 ? host.Time.GetTimestamp() : since;
            told = reason;
            if (reason.Length > 0 && host.Time.GetElapsedTime(since) > Lasting)
            {
                return Fault.Permanent(reason, "mend that, then try again");
            }

            await Task.WhenAny(waiting, Task.Delay(Pause, host.Time, cancellationToken));
        }

        return null;
    }

    /// <summary>Why the deployment fails now; empty where it does not.</summary>
    private async Task<string> ReasonAsync(CancellationToken cancellationToken)
    {
        var found = await client.GetAsync(ResourceTypes.Deployments, NamespaceOptions.Default, Name, cancellationToken);
        return found.Value?.Resource is { Status: { Aggregate: { Failed: > 0, LastError: { } error } } status } deployment && status.ObservedGeneration == deployment.Metadata.Generation
            ? $"{error.Device} says: {error.Message.TrimEnd('.')}"
            : string.Empty;
    }

    /// <summary>
    /// Fetches the page of <paramref name="version"/>. A fleet that was started again knows of its device what it knew before, until the device
    /// reports anew: so the device is listened to here as well.
    /// </summary>
    public Task<Outcome<int>> FetchAsync(int version, Action<string> tell, CancellationToken cancellationToken) =>
        UnlessItFailsAsync(token => page.FetchAsync(Url, HelloWebImage.Greeting(version), token), tell, cancellationToken);

    /// <summary>The container's id; null where there is none.</summary>
    public async Task<Outcome<string?>> ContainerIdAsync(CancellationToken cancellationToken)
    {
        var container = await ContainerAsync(podman, cancellationToken);
        return container.IsOk ? container.Value?.Id : container.Fault;
    }

    /// <summary>What is to be seen of it in the store, on the bus and on the device.</summary>
    public async Task<Outcome<DemoTrace>> TraceAsync(CancellationToken cancellationToken)
    {
        var stored = await client.GetAsync(ResourceTypes.Deployments, NamespaceOptions.Default, Name, cancellationToken);
        var manifest = await client.ValueAsync(BucketNames.DesiredState, DemoSite.Device, reveal: false, cancellationToken);
        var container = await ContainerAsync(podman, cancellationToken);
        if ((stored.Fault ?? manifest.Fault ?? container.Fault) is { } fault)
        {
            return fault;
        }

        var metadata = stored.Value!.Resource.Metadata;
        return container.Value is { } runs
            ? new DemoTrace(metadata.ResourceVersion ?? string.Empty, metadata.Generation, manifest.Value!.Revision, runs.Id, runs.StartedAt)
            : Fault.Permanent($"{Name} has no container");
    }

    /// <summary>Has the device answer.</summary>
    public async Task<Fault?> PingAsync(CancellationToken cancellationToken) => (await client.PingAsync(DemoSite.Device, cancellationToken)).Fault;

    /// <summary>The container of this deployment: another namespace may have one of the same name.</summary>
    internal static ObservedContainer? Own(IEnumerable<ObservedContainer> containers) =>
        containers.FirstOrDefault(container => container.Labels.GetValueOrDefault(ContainerLabels.Namespace) == NamespaceOptions.Default);

    /// <summary>Deletes the deployment, and waits until it is gone and its container with it.</summary>
    /// <returns>How long that took; or why it did not happen.</returns>
    public async Task<Outcome<TimeSpan>> DeleteAsync(CancellationToken cancellationToken)
    {
        var began = host.Time.GetTimestamp();
        var deleted = await client.DeleteAsync(ResourceTypes.Deployments, NamespaceOptions.Default, Name, cancellationToken);
        if (!deleted.IsOk)
        {
            return deleted.Fault;
        }

        var waited = await new DeploymentWait(quiet, client).RunAsync(NamespaceOptions.Default, Name, WaitGoal.Deleted, Patience, cancellationToken);
        if (!waited.IsOk)
        {
            return waited.Fault;
        }

        while (host.Time.GetElapsedTime(began) < Patience)
        {
            var id = await ContainerIdAsync(cancellationToken);
            if (!id.IsOk)
            {
                return id.Fault;
            }

            if (id.Value is null)
            {
                return host.Time.GetElapsedTime(began);
            }

            await Task.Delay(Pause, host.Time, cancellationToken);
        }

        return new Fault(FaultKind.TimedOut, $"the container of {Name} is still there after {Patience.TotalSeconds:0} s");
    }

    /// <summary>The flags with which a user would apply <paramref name="version"/>.</summary>
    public string ApplyLine(int version) =>
        $"apply --name {Name} --image {HelloWebImage.Reference(version)} --port 127.0.0.1:{port}:{HelloWebImage.Port} --selector device-id={DemoSite.Device}";

    /// <inheritdoc/>
    public void Dispose() => page.Dispose();

    private static async Task<Outcome<ObservedContainer?>> ContainerAsync(PodmanRuntime podman, CancellationToken cancellationToken)
    {
        var observed = await podman.ObserveAsync(ContainerLabels.Deployment, Name, cancellationToken);
        return observed.IsOk ? Own(observed.Value) : Fault.Permanent($"podman cannot be asked ({observed.Fault.ToString().TrimEnd('.')})");
    }

    private DeploymentFlags Flags(int version) => new()
    {
        Name = Name,
        Namespace = NamespaceOptions.Default,
        Image = HelloWebImage.Reference(version),
        Ports = [$"127.0.0.1:{port}:{HelloWebImage.Port}"],
        Selectors = [$"device-id={DemoSite.Device}"],
    };
}
