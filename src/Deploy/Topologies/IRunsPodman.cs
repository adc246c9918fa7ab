using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Deploy.Outcomes;

namespace Harmony.Fleet.Deploy.Topologies;

/// <summary>A place where each device has a podman of its own.</summary>
public interface IRunsPodman
{
    /// <summary>Has the podman service of <paramref name="device"/> run from now on.</summary>
    /// <returns>The path of its socket, which answers.</returns>
    Task<Attempt<string>> PodmanAsync(DeviceId device, CancellationToken cancellationToken);
}
