namespace Harmony.Fleet.Adapters.Podman.Http;

/// <summary>Where podman answers, and how long it may take.</summary>
public sealed record PodmanOptions
{
    /// <summary>The socket of a podman that runs as root under systemd.</summary>
    public const string DefaultSocketPath = "/run/podman/podman.sock";

    /// <summary>The unix socket of podman's API service; at most 107 bytes.</summary>
    public string SocketPath { get; init; } = DefaultSocketPath;

    /// <summary>The longest wait for one answer. Podman is known to hang: nothing waits for ever.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait for creating or starting a container: disks of small devices are slow.</summary>
    public TimeSpan ChangeTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The longest wait for pulling one image, over slow links too: a pull that is broken off begins anew.</summary>
    public TimeSpan PullTimeout { get; init; } = TimeSpan.FromHours(6);

    /// <summary>For how long the machine has been running.</summary>
    public Func<TimeSpan> Uptime { get; init; } = () => TimeSpan.FromMilliseconds(Environment.TickCount64);
}
