using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Packaging.Packages;

/// <summary>What <c>eng/package.sh agent</c> makes for one platform: made once for a state of the sources.</summary>
public sealed class AgentPackage
{
    public const string Name = "harmony-fleet-agent";

    private AgentPackage(string rid, string deb)
    {
        Rid = rid;
        Deb = deb;
        Folder = Path.GetDirectoryName(deb).ShouldNotBeNull();
        Version = Path.GetFileName(deb).Split('_')[1].Split('-')[0];
    }

    public string Rid { get; }

    /// <summary>Where all of it lies.</summary>
    public string Folder { get; }

    /// <summary>The Debian package.</summary>
    public string Deb { get; }

    public string Version { get; }

    /// <summary>Debian's name of the platform.</summary>
    public string Architecture => Rid == Platforms.X64 ? "amd64" : "arm64";

    public string Tarball => Path.Combine(Folder, $"{Stem}.tar.xz");

    public string Symbols => Path.Combine(Folder, $"{Stem}-dbgsym.tar.xz");

    public string Bill => Path.Combine(Folder, $"{Stem}.cdx.json");

    /// <summary>The version's own folder of the binary, from the root.</summary>
    public string BinaryPath => $"usr/lib/harmony-fleet/agent/{Version}/fleet-agent";

    private string Stem => $"{Name}-{Version}-{Rid}";

    public static async Task<AgentPackage> MakeAsync(string rid) => new(rid, await EngScript.RunAsync("eng/package.sh", "agent", "--rid", rid));

    /// <summary>One field of the package.</summary>
    public async Task<string> FieldAsync(string name) => (await Command.DoneAsync("dpkg-deb", "--field", Deb, name)).Output.Trim();

    /// <summary>The package's files, unpacked into a folder: the binary as it will lie on a device.</summary>
    public async Task<string> UnpackAsync(TempFolder folder)
    {
        await Command.DoneAsync("dpkg-deb", "--extract", Deb, folder.File("root"));
        return folder.File($"root/{BinaryPath}");
    }

    /// <summary>The words that run a binary of this platform on this machine.</summary>
    public async Task<string[]> RunnerAsync(string binary) =>
        Rid == Platforms.X64 ? [binary] : [Path.Combine(await EngScript.RunAsync("eng/arm64-root.sh"), "run"), binary];
}
