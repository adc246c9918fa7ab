using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Adapters.Podman.Json;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Adapters.Podman.Containers;

/// <summary>Tells who has a port that a container cannot get.</summary>
internal sealed class PortHolder(PodmanHttp http, string socketPath)
{
    /// <summary>The failure of a container whose port is taken, with the one that has it where this podman runs it.</summary>
    public async Task<Fault> FaultAsync(TakenPort port, CancellationToken cancellationToken)
    {
        var running = await http.GetAsync("containers/json", PodmanJson.Default.ListListedContainer, cancellationToken).ConfigureAwait(false);
        var holder = running.IsOk ? running.Value.Find(container => container?.Ports?.Any(published => Has(published, port)) == true) : null;
        return new Fault(FaultKind.Transient, Failures.OneLine(holder is not null ? port.TakenBy(Name(holder)) : port.TakenBy(null) + Beside()));
    }

    private static bool Has(ListedContainer.ListedPort? published, TakenPort port) =>
        published is not null && (published.Protocol ?? "tcp") == port.Protocol
        && port.Number >= published.HostPort && port.Number < (long)published.HostPort + Math.Max(1, published.Range);

    private static string Name(ListedContainer holder) =>
        holder.Labels is { } labels && labels.GetValueOrDefault(ContainerLabels.Namespace) is { } space && labels.GetValueOrDefault(ContainerLabels.Deployment) is { } name
            ? $"deployment {space}/{name}"
            : $"container {holder.Names?.FirstOrDefault()?.TrimStart('/') ?? holder.Id}";

    /// <summary>What else can have it where the podman is not the machine's own.</summary>
    private string Beside() => SocketConnection.IsOfSystemd(socketPath) ? string.Empty : " (the devices of a fleet up share the ports of their machine)";
}
