using Harmony.Fleet.Adapters.Podman;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Deploy.Images;
using Harmony.Fleet.Deploy.Scores;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>The images that a new device is given.</summary>
internal static class SampleImages
{
    private const int Versions = 2;

    /// <summary>Something to try a new fleet with, without a registry. The device stands without it too.</summary>
    public static async Task LoadAsync(DeviceId device, string socket, IProgress<DeployNews> progress, TimeProvider time, CancellationToken cancellationToken)
    {
        using var podman = new PodmanRuntime(new PodmanOptions { SocketPath = socket }, time);
        for (var version = 1; version <= Versions; version++)
        {
            var built = await HelloWebImage.EnsureAsync(podman, version, cancellationToken);
            if (!built.IsOk)
            {
                progress.Report(DeployNews.Note($"{device} has no {HelloWebImage.Reference(version)} to try it with ({built.Fault.ToString().TrimEnd('.')})"));
            }
        }
    }
}
