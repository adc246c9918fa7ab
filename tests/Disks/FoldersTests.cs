using Harmony.Fleet.Disks;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Disks;

public sealed class FoldersTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Make_FolderInFoldersThatAreMissing_MakesItForItsOwner()
    {
        Folders.Make(folder.File("a/b"));
        Folders.Make(folder.File("a/b"));
        File.GetUnixFileMode(folder.File("a/b")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Folders.Existing(folder.File("a/b/c/d")).ShouldBe(folder.File("a/b"));
    }

    [Fact]
    public async Task Make_WithSomethingInItsWay_SaysWhat()
    {
        File.WriteAllText(folder.File("file"), string.Empty);
        File.CreateSymbolicLink(folder.File("link"), "nowhere");
        await folder.PipeAsync("pipe");
        Failure(folder.File("file")).ShouldBe($"{folder.File("file")} is a file, not a folder.");
        Failure(folder.File("file/a/b")).ShouldBe($"{folder.File("file")} is a file, not a folder.");
        Failure(folder.File("pipe")).ShouldBe($"{folder.File("pipe")} is a pipe, not a folder.");
        Failure(folder.File("link/a")).ShouldBe($"{folder.File("link")} is a link that leads nowhere.");
        Failure("/proc/x").ShouldBe("no folder can be made in /proc.");
    }

    private static string Failure(string path) => Should.Throw<IOException>(() => Folders.Make(path)).Message;
}
