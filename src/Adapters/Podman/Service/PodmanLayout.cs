using System.Security.Cryptography;
using System.Text;

namespace Harmony.Fleet.Adapters.Podman.Service;

/// <summary>
/// Where a private podman keeps what. What must not outlive a reboot is under <c>/run</c>: podman tells by its absence that the
/// containers are no longer running, and its paths are short, as unix sockets need them.
/// </summary>
public sealed record PodmanLayout
{
    private PodmanLayout(string folder, string runtimeFolder)
    {
        Folder = folder;
        RuntimeFolder = runtimeFolder;
    }

    /// <summary>The folder that everything lasting is in.</summary>
    public string Folder { get; }

    /// <summary>The folder of what a reboot ends.</summary>
    public string RuntimeFolder { get; }

    /// <summary>The socket of the service.</summary>
    public string SocketPath => Path.Combine(RuntimeFolder, "podman.sock");

    /// <summary>What the service says.</summary>
    public string LogFile => Path.Combine(Folder, "podman.log");

    internal string StorageFolder => Path.Combine(Folder, "storage");

    internal string NetworksFolder => Path.Combine(Folder, "networks");

    internal PodmanNetwork Network => PodmanNetwork.For(Folder);

    internal string NetworkFile => Path.Combine(NetworksFolder, Network.Name + ".json");

    internal string ContainersConf => Path.Combine(Folder, "containers.conf");

    internal string RegistriesConf => Path.Combine(Folder, "registries.conf");

    internal string RunFolder => Path.Combine(RuntimeFolder, "run");

    internal string TemporaryFolder => Path.Combine(RuntimeFolder, "tmp");

    /// <summary>The layout for <paramref name="folder"/>: always the same for the same one.</summary>
    public static PodmanLayout For(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(full)))[..12];
        return new PodmanLayout(full, Path.Combine(RuntimeBase(), "harmony-fleet", name));
    }

    private static string RuntimeBase() =>
        Environment.IsPrivilegedProcess ? "/run"
        : Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } own && Directory.Exists(own) ? own
        : Path.Combine(Path.GetTempPath(), $"run-{Environment.UserName}");
}
