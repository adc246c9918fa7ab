using System.Collections.Immutable;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Tests.Harness.Containers;

/// <summary>What a runtime shows of a container that it just made, with all that image and runtime add.</summary>
public static class ObservedFrom
{
    /// <summary>The container made from <paramref name="spec"/>, never started.</summary>
    public static ObservedContainer Spec(ContainerSpec spec, string id, FakeImage image)
    {
        var own = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = "/usr/bin:/bin",
            ["TERM"] = "xterm",
            ["HOME"] = "/root",
            ["HOSTNAME"] = id[..12],
            ["container"] = "podman",
        });
        return new ObservedContainer
        {
            Id = id,
            Name = spec.Name,
            State = ContainerState.Created,
            StateText = "created",
            Image = spec.Image.Contains('/', StringComparison.Ordinal) ? spec.Image : "localhost/" + spec.Image,
            ImageId = image.Id,
            ImageDigest = "sha256:" + image.Id,
            Entrypoint = spec.Command.IsEmpty ? image.Defaults.Entrypoint : spec.Command,
            Command = !spec.Args.IsEmpty ? spec.Args : spec.Command.IsEmpty ? image.Defaults.Command : [],
            Env = own.SetItems(image.Defaults.Env).SetItems(spec.Env),
            Labels = image.Defaults.Labels.SetItems(spec.Labels),
            Ports = spec.Ports,
            Mounts = [.. spec.Mounts, .. Anonymous(spec, image, id)],
            RestartPolicy = RestartPolicyNames.Of(spec.RestartPolicy),
            StopTimeoutSeconds = spec.StopTimeoutSeconds,
            MemoryBytes = spec.MemoryBytes,
            CpuMillicores = spec.CpuMillicores,
            ImageDefaults = image.Defaults,
        };
    }

    private static IEnumerable<MountSpec> Anonymous(ContainerSpec spec, FakeImage image, string id) => image.Defaults.Volumes
        .Where(path => spec.Mounts.All(mount => mount.Target != path))
        .Select(path => new MountSpec(MountKind.Volume, id, path, ReadOnly: false));
}
