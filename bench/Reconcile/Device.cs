using System.Collections.Immutable;
using Harmony.Fleet.Adapters.Podman;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Deploy.Images;
using Harmony.Fleet.Deploy.Podman;

namespace Harmony.Fleet.Bench.Reconcile;

/// <summary>A podman of its own on which a number of deployments stand, one container each.</summary>
internal sealed class Device(string folder, PodmanService service, PodmanRuntime runtime, ImmutableArray<DesiredDeployment> desired) : IAsyncDisposable
{
    private static readonly DeviceId Id = DeviceId.Parse("bench");

    public int PodmanProcess => service.ProcessId;

    public static async Task<Device> StartAsync(int deployments)
    {
        var home = Directory.CreateTempSubdirectory("hf-bench-").FullName;
        var podman = Must(await PodmanService.StartAsync(new PodmanServiceOptions { Folder = home }, TimeProvider.System, default));
        var client = new PodmanRuntime(new PodmanOptions { SocketPath = podman.SocketPath }, TimeProvider.System);
        var image = Must(await HelloWebImage.EnsureAsync(client, 1, default));
        ImmutableArray<DesiredDeployment> wanted = [.. Enumerable.Range(0, deployments).Select(number => Deployment(number, image))];
        var device = new Device(home, podman, client, wanted);
        var imageId = Must(await client.EnsureImageAsync(image, default));
        foreach (var spec in wanted.SelectMany(deployment => deployment.Containers!.Value))
        {
            var id = Must(await client.CreateAsync(spec with { Labels = spec.Labels.SetItem(ContainerLabels.ImageId, imageId) }, default));
            Must(await client.StartAsync(id, default));
        }

        return device;
    }

    /// <summary>One reconcile: every container read with inspect, everything compared. There must be nothing to do.</summary>
    public async Task ReconcileAsync()
    {
        var plan = Planner.Make(Id, desired, Must(await runtime.ObserveAsync(ContainerLabels.Device, Id.Value, default)), DateTimeOffset.MinValue);
        if (!plan.IsEmpty)
        {
            throw new InvalidOperationException(plan.ToString());
        }
    }

    public async ValueTask DisposeAsync()
    {
        runtime.Dispose();
        await service.DisposeAsync();
        Must(await PodmanPurge.PurgeAsync(folder, default));
    }

    private static DesiredDeployment Deployment(int number, string image)
    {
        var entry = new ManifestEntry
        {
            Namespace = NamespaceName.Parse("bench"),
            Name = DeploymentName.Parse($"d{number}"),
            Uid = $"uid-{number}",
            ScoreDigest = Digest.Of(BitConverter.GetBytes(number)),
            Address = Digest.Of([]),
            Key = new byte[32],
        };
        var container = new Container
        {
            Name = "app",
            Image = image,
            Env = [new EnvVar { Name = "HELLO", Value = $"number {number}" }],
            VolumeMounts = [new VolumeMount { Volume = $"data-{number}", MountPath = "/data" }],
        };
        return new(new(entry.Namespace, entry.Name), entry.Uid, entry.ScoreDigest, ContainerSpecs.From(entry, new PodmanV0Score { Containers = [container] }, Id));
    }

    private static T Must<T>(Outcome<T> result) => result.IsOk ? result.Value : throw new InvalidOperationException(result.Fault.ToString());
}
