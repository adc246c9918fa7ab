using System.Security.Cryptography;
using System.Text;

namespace Harmony.Fleet.Deploy.Podman;

/// <summary>
/// Where a private podman keeps what. What must not outlive a reboot is under <c>/run</c>: podman tells by its absence that the
/// containers are no longer running, and its paths are short, as unix sockets need them. What lasts is in the folder itself, or under
/// <c>/var/lib</c> (a user's state folder) where podman cannot take the folder's path.
/// </summary>
public sealed record PodmanLayout
{
    private PodmanLayout(string folder, PodmanPlaces places, string? movedFrom)
    {
        Folder = folder;
        Places = places;
        MovedFrom = movedFrom;
    }

    /// <summary>The folder that it belongs to.</summary>
    public string Folder { get; }

    /// <summary>The folder of what a reboot ends.</summary>
    public string RuntimeFolder => Places.Runtime;

    /// <summary>The socket of the service.</summary>
    public string SocketPath => Path.Combine(RuntimeFolder, "podman.sock");

    /// <summary>What the service says.</summary>
    public string LogFile => Path.Combine(Folder, "podman.log");

    /// <summary>What is elsewhere, or may be.</summary>
    internal PodmanPlaces Places { get; }

    /// <summary>The folder that it was set up in, where this one is a copy of that, or that was moved here: podman's books hold its path. Null where it is this one.</summary>
    internal string? MovedFrom { get; }

    /// <summary>The folder of what lasts.</summary>
    internal string RootFolder => Places.Root;

    internal string StorageFolder => Path.Combine(RootFolder, "storage");

    internal string NetworksFolder => Path.Combine(RootFolder, "networks");

    internal PodmanNetwork Network => PodmanNetwork.For(Folder);

    internal string NetworkFile => Path.Combine(NetworksFolder, Network.Name + ".json");

    internal string ContainersConf => Path.Combine(RootFolder, "containers.conf");

    internal string RegistriesConf => Path.Combine(RootFolder, "registries.conf");

    internal string RunFolder => Path.Combine(RuntimeFolder, PodmanPlaces.RunName);

    internal string TemporaryFolder => Path.Combine(RuntimeFolder, "tmp");

    /// <summary>The layout for <paramref name="folder"/>: always the same for the same one.</summary>
    public static PodmanLayout For(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(full)))[..12];
        var kept = PodmanPlaces.Read(full);
        return kept is null || kept.AreOf(full, name)
            ? new PodmanLayout(full, kept ?? PodmanPlaces.Choose(full, name), null)
            : new PodmanLayout(full, PodmanPlaces.Choose(full, name), kept.Folder ?? kept.Root);
    }
}
