using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text.Json;
using Harmony.Fleet.Adapters.Podman.Containers;
using Harmony.Fleet.Adapters.Podman.Events;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Adapters.Podman.Images;
using Harmony.Fleet.Adapters.Podman.Json;
using Harmony.Fleet.Adapters.Podman.Logs;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Images;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Adapters.Podman;

/// <summary>Podman, over the unix socket of its API service. Made for 4.3 and later.</summary>
public sealed class PodmanRuntime : IContainerRuntime, IDisposable
{
    /// <summary>How often a start is asked for while it only loses races: netavark makes fewer chains for one container.</summary>
    private const int MaxStarts = 5;

    private readonly PodmanOptions options;
    private readonly TimeProvider time;
    private readonly PodmanHttp http;
    private readonly ImageStore images;
    private readonly PortHolder ports;

    /// <summary>Nothing is opened before the first call.</summary>
    public PodmanRuntime(PodmanOptions options, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        http = new PodmanHttp(options, time);
        images = new ImageStore(http, options);
        ports = new PortHolder(http, options.SocketPath);
    }

    /// <summary>The socket at which podman answers.</summary>
    public string SocketPath => options.SocketPath;

    /// <summary>Ends all connections; containers go on.</summary>
    public void Dispose() => http.Dispose();

    /// <inheritdoc/>
    public async Task<Outcome<RuntimeInfo>> InfoAsync(CancellationToken cancellationToken)
    {
        var info = await http.GetAsync("info", PodmanJson.Default.ServiceInfo, cancellationToken).ConfigureAwait(false);
        return info.IsOk
            ? new RuntimeInfo(info.Value.Version?.Version ?? string.Empty, info.Value.Store?.GraphRoot ?? string.Empty)
            : info.Fault;
    }

    /// <inheritdoc/>
    public async Task<Outcome<ImmutableArray<ObservedContainer>>> ObserveAsync(string label, string value, CancellationToken cancellationToken)
    {
        var listed = await http
            .GetAsync($"containers/json?all=true&filters={Filters.OfLabel(label, value)}", PodmanJson.Default.ListListedContainer, cancellationToken)
            .ConfigureAwait(false);
        if (!listed.IsOk)
        {
            return listed.Fault;
        }

        var observed = ImmutableArray.CreateBuilder<ObservedContainer>(listed.Value.Count);
        foreach (var one in listed.Value.Where(one => one?.Id is not null))
        {
            var container = await ObserveOneAsync(one.Id!, cancellationToken).ConfigureAwait(false);
            if (container.IsOk)
            {
                observed.Add(container.Value);
            }
            else if (container.Fault.Kind == FaultKind.Unreachable)
            {
                return container.Fault;
            }
            else if (container.Fault.Kind != FaultKind.NotFound && ContainerReader.ReadListed(one, container.Fault) is { } unreadable)
            {
                // Podman answers, and cannot show this one: that is this one's trouble, and not the others'.
                observed.Add(unreadable);
            }
        }

        return observed.ToImmutable();
    }

    /// <inheritdoc/>
    public async Task<Outcome<string>> FindImageAsync(string reference, CancellationToken cancellationToken) =>
        ImageReference.TryParse(reference, out var image, out var error)
            ? await images.FindAsync(ImageName.Of(image), cancellationToken).ConfigureAwait(false)
            : BadReference(reference, error);

    /// <inheritdoc/>
    public async Task<Outcome<string>> EnsureImageAsync(string reference, CancellationToken cancellationToken) =>
        ImageReference.TryParse(reference, out var image, out var error)
            ? await images.EnsureAsync(ImageName.Of(image), cancellationToken).ConfigureAwait(false)
            : BadReference(reference, error);

    /// <inheritdoc/>
    public async Task<Outcome<string>> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken)
    {
        if (!ImageReference.TryParse(spec.Image, out var image, out var error))
        {
            return BadReference(spec.Image, error);
        }

        using var body = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(CreateRequest.For(spec, ImageName.Of(image)), PodmanJson.Default.CreateDocument));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var answer = await http.SendAsync(HttpMethod.Post, "containers/create", body, options.ChangeTimeout, cancellationToken).ConfigureAwait(false);
        if (!answer.IsOk || !answer.Value.IsDone)
        {
            return answer.Fault ?? Failures.Of(answer.Value);
        }

        var created = answer.Value.Read(PodmanJson.Default.CreatedDocument);
        return !created.IsOk ? created.Fault
            : created.Value.Id is { Length: > 0 } id ? id
            : new Fault(FaultKind.Unreachable, $"podman shows no id of the container {spec.Name} that it created");
    }

    /// <inheritdoc/>
    public async Task<Outcome<Done>> StartAsync(string container, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var answer = await http.SendAsync(HttpMethod.Post, $"{Path(container)}/start", content: null, options.ChangeTimeout, cancellationToken).ConfigureAwait(false);
            if (!answer.IsOk || answer.Value.IsDone)
            {
                return answer.IsOk ? default(Done) : answer.Fault;
            }

            if (tries < MaxStarts && Failures.IsLostRace(answer.Value))
            {
                continue;
            }

            return Failures.PortInUse(answer.Value) is { } port ? await ports.FaultAsync(port, cancellationToken).ConfigureAwait(false) : Failures.Of(answer.Value);
        }
    }

    /// <inheritdoc/>
    public Task<Outcome<Done>> StopAsync(string container, TimeSpan grace, CancellationToken cancellationToken)
    {
        var seconds = (long)Math.Ceiling(Math.Max(0, grace.TotalSeconds));
        return EndAsync(
            HttpMethod.Post,
            $"{Path(container)}/stop?timeout={seconds}",
            options.ChangeTimeout + TimeSpan.FromSeconds(seconds),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Outcome<Done>> RemoveAsync(string container, CancellationToken cancellationToken) =>
        // The volumes' switch is called "v" in docker's API, and "volumes" in podman's own, which leaves "v" out of account without a word.
        EndAsync(HttpMethod.Delete, $"{Path(container)}?force=true&v=true&volumes=true&timeout=0", options.ChangeTimeout, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<LogChunk> LogsAsync(string container, int tail, bool follow, CancellationToken cancellationToken) =>
        new LogStream(http, options, time).ReadAsync(container, tail, follow, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> EventsAsync(string label, string value, CancellationToken cancellationToken) =>
        new EventStream(http).ReadAsync(label, value, cancellationToken);

    private static string Path(string container) => $"containers/{Uri.EscapeDataString(container)}";

    private static Fault BadReference(string reference, string error) =>
        new(FaultKind.Permanent, $"'{Failures.OneLine(reference)}' is no image reference ({error}): write it as registry.example/app:1.2 or registry.example/app@sha256:...");

    private async Task<Outcome<ObservedContainer>> ObserveOneAsync(string id, CancellationToken cancellationToken)
    {
        var inspected = await http.GetAsync($"{Path(id)}/json", PodmanJson.Default.InspectDocument, cancellationToken).ConfigureAwait(false);
        if (!inspected.IsOk)
        {
            return inspected.Fault;
        }

        var defaults = await images.DefaultsAsync(ImageReader.ImageId(inspected.Value.Image), cancellationToken).ConfigureAwait(false);
        return !defaults.IsOk ? defaults.Fault
            : ContainerReader.Read(inspected.Value, defaults.Value, time.GetUtcNow() - options.Uptime()) is { } container ? container
            : new Fault(FaultKind.Unreachable, $"podman shows container {id} without id or name");
    }

    /// <summary>Ends what may be gone already.</summary>
    private async Task<Outcome<Done>> EndAsync(HttpMethod method, string path, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var answer = await http.SendAsync(method, path, content: null, timeout, cancellationToken).ConfigureAwait(false);
        if (!answer.IsOk)
        {
            return answer.Fault;
        }

        if (!answer.Value.IsDone)
        {
            return answer.Value.IsNotFound ? default(Done) : Failures.Of(answer.Value);
        }

        return method == HttpMethod.Delete ? Removals.Read(answer.Value) : default(Done);
    }
}
