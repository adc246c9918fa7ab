using System.Text.Json;
using System.Text.Json.Serialization;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Deploy.Podman;

/// <summary>
/// The folders of a private podman that may lie outside of its own one. They are written down there before they are made, so that they are found
/// again whatever happened, and whoever calls in whichever environment.
/// </summary>
/// <param name="Root">What lasts: storage, networks, settings.</param>
/// <param name="Runtime">What a reboot ends.</param>
/// <param name="Folder">The folder whose they are: in a copy of it, or where it was moved to, what is written down is another's.</param>
internal sealed record PodmanPlaces(string Root, string Runtime, string? Folder = null)
{
    /// <summary>The file that they are written down in.</summary>
    public const string FileName = "places.json";

    /// <summary>Podman takes no folder of more characters for what it runs, for its sockets' sake: conmon adds an id, and the kernel takes 108 bytes.</summary>
    internal const int MaxRunFolder = 50;

    /// <summary>The folder in <see cref="Runtime"/> to which that applies.</summary>
    internal const string RunName = "run";

    private const int NameLength = 12;

    /// <summary>The kernel takes the options of a mount in one page, and an overlay's name several folders.</summary>
    private const int MaxRoot = 160;

    /// <summary>The folder of all of them, in a folder of the machine's.</summary>
    private const string FamilyName = "harmony-fleet";

    /// <summary>Not the agent package's, which goes away with the package.</summary>
    private const string StateName = FamilyName + "-local";

    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode ForOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private const int MaxBytes = 16 * 1024;

    /// <summary>Those that <paramref name="folder"/> would be given.</summary>
    public static PodmanPlaces Choose(string folder, string name) => new(
        IsPlain(folder) && folder.Length <= MaxRoot ? folder : Path.Combine(StateBase(), StateName, "podman", name),
        Path.Combine(RuntimeBase(), name),
        folder);

    /// <summary>Those that are written down in <paramref name="folder"/>, be they its own or not; null where none are.</summary>
    public static PodmanPlaces? Read(string folder)
    {
        try
        {
            return Kept(folder) is { Length: <= MaxBytes } bytes
                && JsonSerializer.Deserialize(bytes, PlacesJson.Default.PodmanPlaces) is { Root.Length: > 0, Runtime.Length: > 0 } places
                ? places
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether they can be those of <paramref name="folder"/>, whose name among its kind is <paramref name="name"/>: nothing else may be used, or removed, as its.</summary>
    public bool AreOf(string folder, string name) =>
        (Folder is null || Folder == folder)
        && (Root == folder || (IsOfTheFamily(Root) && Root.EndsWith($"/podman/{name}", StringComparison.Ordinal)))
        && IsOfTheFamily(Runtime) && Path.GetFileName(Runtime) == name
        && Path.GetFullPath(Root) == Root && Path.GetFullPath(Runtime) == Runtime;

    /// <summary>Writes them down in <paramref name="folder"/>.</summary>
    public void Keep(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(this, PlacesJson.Default.PodmanPlaces);
        if (Kept(folder).AsSpan().SequenceEqual(bytes))
        {
            return;
        }

        using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Makes those that are not in <paramref name="folder"/>, for this user alone.</summary>
    /// <exception cref="UnauthorizedAccessException">Somebody else could write there, too.</exception>
    public void Make(string folder)
    {
        foreach (var place in ((string[])[Runtime, Root]).Where(place => place != folder))
        {
            MakeFolder(place);
            for (var at = place; IsOfTheFamily(at); at = Path.GetDirectoryName(at)!)
            {
                if (FileEntry.At(at) is not { Kind: FileKind.Folder } entry || entry.Owner != FileEntry.Self || (File.GetUnixFileMode(at) & ForOthers) != UnixFileMode.None)
                {
                    throw new UnauthorizedAccessException($"others may write to {at}");
                }
            }
        }
    }

    /// <summary>Removes the folders above those that are not in <paramref name="folder"/>, as far as nobody else's is in them.</summary>
    public void Leave(string folder)
    {
        foreach (var place in ((string[])[Runtime, Root]).Where(place => place != folder))
        {
            try
            {
                for (var at = Path.GetDirectoryName(place)!; IsOfTheFamily(at); at = Path.GetDirectoryName(at)!)
                {
                    Directory.Delete(at);
                }
            }
            catch (IOException)
            {
                // Another podman's is in it.
            }
        }
    }

    /// <summary>Whether podman, conmon and the kernel's mounts take <paramref name="path"/> as it is.</summary>
    internal static bool IsPlain(string path) =>
        Path.IsPathRooted(path) && path.All(character => char.IsAsciiLetterOrDigit(character) || character is '/' or '.' or '_' or '-' or '+' or '@' or '~' or '=');

    private static byte[]? Kept(string folder) => new PosixDisk().Read(Path.Combine(folder, FileName), MaxBytes);

    /// <summary>One by one: those that .NET makes on the way to one are as open as the umask lets them be.</summary>
    private static void MakeFolder(string path)
    {
        if (Path.GetDirectoryName(path) is { } parent && !Directory.Exists(parent))
        {
            MakeFolder(parent);
        }

        Directory.CreateDirectory(path, Own);
    }

    private static bool IsOfTheFamily(string folder) => folder.Split('/').Any(name => name.StartsWith(FamilyName, StringComparison.Ordinal));

    private static string StateBase() =>
        Environment.IsPrivilegedProcess ? "/var/lib"
        : Variable("XDG_STATE_HOME") is { } own && IsPlain(own) && own.Length <= MaxRoot / 2 ? own
        : Variable("HOME") is { } home && IsPlain(home) && home.Length <= MaxRoot / 2 ? Path.Combine(home, ".local/state")
        : $"/var/tmp/harmony-fleet-{FileEntry.Self}";

    private static string RuntimeBase() =>
        RuntimeBase(Environment.IsPrivilegedProcess, Variable("XDG_RUNTIME_DIR"), FileEntry.Self);

    /// <summary>The folder of all private podmans' folders that a reboot ends.</summary>
    internal static string RuntimeBase(bool isRoot, string? own, uint user) =>
        ((string?[])[isRoot ? "/run" : own, isRoot ? null : $"/run/user/{user}"])
            .OfType<string>()
            .Where(folder => IsPlain(folder) && Directory.Exists(folder))
            .Select(folder => Path.Combine(folder, FamilyName))
            .FirstOrDefault(folder => folder.Length + 1 + NameLength + 1 + RunName.Length <= MaxRunFolder)
        ?? $"/tmp/{FamilyName}-{user}";

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}

/// <summary>JSON of the folders that are written down.</summary>
[JsonSerializable(typeof(PodmanPlaces))]
internal sealed partial class PlacesJson : JsonSerializerContext;
