namespace Harmony.Fleet.Contracts.Bus;

/// <summary>What a device is made of. Text is empty and numbers are 0 where it cannot be told.</summary>
public sealed record Inventory
{
    /// <summary>The host's name.</summary>
    public string Hostname { get => field ?? string.Empty; init; }

    /// <summary>The architecture as OCI images name it: <c>amd64</c>, <c>arm64</c>.</summary>
    public string Architecture { get => field ?? string.Empty; init; }

    /// <summary>The board or machine, for example <c>Raspberry Pi 5 Model B Rev 1.0</c>.</summary>
    public string Model { get => field ?? string.Empty; init; }

    /// <summary>The operating system, for example <c>Debian GNU/Linux 12 (bookworm)</c>.</summary>
    public string OperatingSystem { get => field ?? string.Empty; init; }

    /// <summary>The kernel's release.</summary>
    public string Kernel { get => field ?? string.Empty; init; }

    /// <summary>Memory in bytes.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>The size in bytes of the file system that holds the containers.</summary>
    public long DiskBytes { get; init; }

    /// <summary>Processor threads.</summary>
    public int Cpus { get; init; }

    /// <summary>Podman's version.</summary>
    public string PodmanVersion { get => field ?? string.Empty; init; }
}
