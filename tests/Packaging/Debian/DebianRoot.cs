using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Packaging.Packages;

namespace Harmony.Fleet.Tests.Packaging.Debian;

/// <summary>A root of its own for dpkg, in which nothing is installed: whatever its architecture, the packages' scripts run on this machine.</summary>
public sealed class DebianRoot : IDisposable
{
    private readonly TempFolder folder = new();

    public DebianRoot()
    {
        foreach (var part in (string[])["info", "updates", "triggers"])
        {
            Directory.CreateDirectory(At($"var/lib/dpkg/{part}"));
        }

        File.WriteAllText(At("var/lib/dpkg/status"), string.Empty);
    }

    /// <summary>All files and links outside of dpkg's own folder, from the root.</summary>
    public IReadOnlyList<string> Files => [.. Directory
        .EnumerateFiles(folder.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
        .Select(file => Path.GetRelativePath(folder.Path, file))
        .Where(file => !file.StartsWith("var/lib/dpkg/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)];

    /// <summary>The absolute path of what lies at <paramref name="path"/> in the root.</summary>
    public string At(string path) => folder.File(path);

    /// <summary>Runs dpkg on the root, as root or as if it were.</summary>
    public Task<Command> DpkgAsync(params string[] arguments)
    {
        string[] fake = Environment.UserName == "root" ? [] : ["fakeroot"];
        return Command.DoneAsync([
            .. fake, "dpkg", $"--root={folder.Path}", "--log=/dev/null", "--force-architecture", "--force-depends", "--force-script-chrootless", "--force-not-root", .. arguments]);
    }

    /// <summary>The permissions of a file or folder.</summary>
    public UnixFileMode ModeOf(string path) => File.GetUnixFileMode(At(path));

    public void Dispose() => folder.Dispose();
}
