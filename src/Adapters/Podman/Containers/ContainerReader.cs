using System.Globalization;
using Harmony.Fleet.Adapters.Podman.Json;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;
using static Harmony.Fleet.Adapters.Podman.Images.ImageReader;

namespace Harmony.Fleet.Adapters.Podman.Containers;

/// <summary>Reads podman's inspect. What podman writes in several ways comes out in one.</summary>
internal static class ContainerReader
{
    /// <summary>Podman's words for parts of a container that are not there any more.</summary>
    private static readonly string[] LostParts = ["layer not known"];

    /// <summary>How long podman may take to note when a container began.</summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(10);

    /// <summary>The container; null where the document names none.</summary>
    /// <param name="document">What podman says of it.</param>
    /// <param name="defaults">What its image says.</param>
    /// <param name="booted">When the machine was started.</param>
    public static ObservedContainer? Read(InspectDocument document, ImageDefaults defaults, DateTimeOffset booted)
    {
        if (document is not { Id: { Length: > 0 } id, Name: { Length: > 0 } name })
        {
            return null;
        }

        var state = State(document.State?.Status);
        var (entrypoint, command) = CommandWords.Of(document);
        return new ObservedContainer
        {
            Id = id,
            Name = name.TrimStart('/'),
            State = state,
            StateText = document.State?.Status ?? string.Empty,
            ExitCode = state == ContainerState.Exited && WasSeenToEnd(document.State!, booted) ? document.State!.ExitCode : null,
            Restarts = document.RestartCount,
            StartedAt = Time(document.State?.StartedAt),
            FinishedAt = Time(document.State?.FinishedAt),
            Image = document.ImageName ?? string.Empty,
            ImageId = ImageId(document.Image),
            ImageDigest = document.ImageDigest ?? string.Empty,
            Entrypoint = entrypoint,
            Command = command,
            Env = Environment(document.Config?.Env),
            Labels = Labels(document.Config?.Labels),
            Ports = [.. Ports(document.HostConfig?.PortBindings)],
            Mounts = [.. Mounts(document.Mounts, defaults)],
            RestartPolicy = document.HostConfig?.RestartPolicy?.Name is { Length: > 0 } policy ? policy : "no",
            StopTimeoutSeconds = (int)Math.Clamp(document.Config?.StopTimeout ?? 0, 0, int.MaxValue),
            MemoryBytes = Math.Max(0, document.HostConfig?.Memory ?? 0),
            CpuMillicores = Millicores(document.HostConfig),
            ImageDefaults = defaults,
        };
    }

    /// <summary>
    /// What a list says of a container that podman cannot show any closer. Podman's words tell whether parts of it are lost, as after a power
    /// cut; null where the list says too little.
    /// </summary>
    public static ObservedContainer? ReadListed(ListedContainer listed, Fault failure) =>
        listed is { Id: { Length: > 0 } id, Names: [{ Length: > 0 } name, ..] }
            ? new ObservedContainer
            {
                Id = id,
                Name = name.TrimStart('/'),
                State = LostParts.Any(words => failure.What.Contains(words, StringComparison.OrdinalIgnoreCase)) ? ContainerState.Damaged : ContainerState.Unreadable,
                StateText = failure.What,
                Image = listed.Image ?? string.Empty,
                ImageId = ImageId(listed.ImageID),
                Labels = Labels(listed.Labels),
                ImageDefaults = new ImageDefaults(),
            }
            : null;

    private static ContainerState State(string? status) => status switch
    {
        "created" or "configured" or "initialized" => ContainerState.Created,
        "running" => ContainerState.Running,
        "paused" => ContainerState.Paused,
        "stopping" => ContainerState.Stopping,
        "removing" => ContainerState.Removing,
        "exited" or "stopped" or "dead" => ContainerState.Exited,
        _ => ContainerState.Unknown,
    };

    /// <summary>
    /// Whether somebody watched it end. One with which the machine went down, and that could not be started since, has the exit code of nobody: it
    /// never ended, or did so before it began. Podman notes the beginning when its own command to start is through, though, and the end when it
    /// is: one that ends at once has an end a little before its beginning, too.
    /// </summary>
    private static bool WasSeenToEnd(InspectDocument.StatePart state, DateTimeOffset booted) =>
        Time(state.StartedAt) is { } started && Time(state.FinishedAt) is { } finished
        && (finished >= started || (started >= booted && started - finished < StartTime));

    /// <summary>Podman writes the year 1 for never.</summary>
    private static DateTimeOffset? Time(DateTimeOffset? time) => time is { Year: > 1 } ? time : null;

    /// <summary>Keys are <c>80/tcp</c>; all addresses are written as an empty one by podman 4 and as 0.0.0.0 by later ones.</summary>
    private static IEnumerable<PortMapping> Ports(Dictionary<string, List<InspectDocument.BindingPart?>?>? bindings) =>
        from binding in bindings ?? []
        let parts = binding.Key.Split('/')
        where Number(parts[0]) is not null
        from host in binding.Value ?? []
        where Number(host?.HostPort) is not null
        orderby Number(host.HostPort), parts.ElementAtOrDefault(1)
        select new PortMapping(
            Number(parts[0])!.Value,
            Number(host.HostPort)!.Value,
            host.HostIp is null or "0.0.0.0" ? string.Empty : host.HostIp,
            parts.ElementAtOrDefault(1) ?? "tcp");

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Volumes without a name of their own that podman made because the image declares their place are the image's.</summary>
    private static IEnumerable<MountSpec> Mounts(List<InspectDocument.MountPart?>? mounts, ImageDefaults defaults) =>
        from mount in mounts ?? []
        let target = mount?.Destination ?? string.Empty
        where target.Length > 0
        let isVolume = mount.Type == "volume"
        where !(isVolume && IsAnonymous(mount.Name) && defaults.Volumes.Contains(target))
        orderby target
        select new MountSpec(
            isVolume ? MountKind.Volume : MountKind.Bind,
            (isVolume ? mount.Name : mount.Source) ?? string.Empty,
            target,
            !mount.RW);

    private static bool IsAnonymous(string? name) => name is { Length: 64 } && name.All(char.IsAsciiHexDigitLower);

    private static int Millicores(InspectDocument.HostPart? host) => host switch
    {
        { CpuQuota: > 0, CpuPeriod: > 0 } => (int)Math.Min(int.MaxValue, Math.Round(host.CpuQuota * 1000m / host.CpuPeriod)),
        { NanoCpus: > 0 } => (int)Math.Min(int.MaxValue, host.NanoCpus / 1_000_000),
        _ => 0,
    };
}
