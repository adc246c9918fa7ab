using System.Runtime.InteropServices;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Podman;

/// <summary>Where a podman keeps what, and whose that is.</summary>
public sealed class PodmanLayoutTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("plain")]
    [InlineData("été")]
    public void Layout_OfACopy_IsNotTheOriginals(string name)
    {
        var original = Kept(name);
        Directory.Move(original.Folder, folder.File("copy"));
        var copy = PodmanLayout.For(folder.File("copy"));
        copy.MovedFrom.ShouldBe(original.Folder);
        copy.RootFolder.ShouldBe(copy.Folder);
        copy.RuntimeFolder.ShouldNotBe(original.RuntimeFolder);
        Directory.Move(copy.Folder, original.Folder);
        PodmanLayout.For(original.Folder).ShouldSatisfyAllConditions(
            back => back.MovedFrom.ShouldBeNull(), back => back.RootFolder.ShouldBe(original.RootFolder), back => back.RuntimeFolder.ShouldBe(original.RuntimeFolder));
    }

    /// <summary>What is written there is removed with the folder.</summary>
    [Theory]
    [InlineData("/home", "RUNTIME")]
    [InlineData("ROOT", "/run")]
    [InlineData("/var/lib/harmony-fleet-local/podman", "RUNTIME")]
    [InlineData("/var/lib/harmony-fleet-local/podman/0123456789ab", "RUNTIME")]
    [InlineData("ROOT", "/run/harmony-fleet/0123456789ab")]
    [InlineData("/var/lib/harmony-fleet-local/../podman/NAME", "RUNTIME")]
    [InlineData("/srv/podman/NAME", "RUNTIME")]
    public void Places_ThatCannotBeTheFolders_AreNotBelieved(string root, string runtime)
    {
        var own = Kept("plain");
        var name = Path.GetFileName(own.RuntimeFolder);
        new PodmanPlaces(root.Replace("ROOT", own.RootFolder, StringComparison.Ordinal).Replace("NAME", name, StringComparison.Ordinal), runtime.Replace("RUNTIME", own.RuntimeFolder, StringComparison.Ordinal)).Keep(own.Folder);
        var layout = PodmanLayout.For(own.Folder);
        layout.MovedFrom.ShouldNotBeNull();
        (layout.RootFolder, layout.RuntimeFolder).ShouldBe((own.RootFolder, own.RuntimeFolder));
    }

    /// <summary>The package's folder goes away with the package.</summary>
    [Fact]
    public void Layout_OfAPathThatPodmanCannotTake_IsApartFromTheAgentPackages() =>
        PodmanLayout.For(folder.File("été")).RootFolder.ShouldSatisfyAllConditions(
            root => root.ShouldContain("/harmony-fleet-local/podman/"), root => root.ShouldNotContain("/harmony-fleet/"));

    [Fact]
    public void Places_UnderAUmaskThatLetsTheGroupWrite_AreForTheirOwnerAlone()
    {
        var places = new PodmanPlaces(folder.File("state/harmony-fleet-local/podman/x"), folder.File("run/harmony-fleet/x"));
        var before = Umask(0b000_010_010);
        try
        {
            places.Make(folder.File("data"));
        }
        finally
        {
            _ = Umask(before);
        }

        Directory.GetDirectories(folder.Path, "*", SearchOption.AllDirectories).ShouldAllBe(made => File.GetUnixFileMode(made) == (UnixFileMode)0b111_000_000);
    }

    [DllImport("libc", EntryPoint = "umask")]
    private static extern int Umask(int mask);

    private PodmanLayout Kept(string name)
    {
        var layout = PodmanLayout.For(folder.File(name));
        Directory.CreateDirectory(layout.Folder);
        layout.Places.Keep(layout.Folder);
        return layout;
    }
}
