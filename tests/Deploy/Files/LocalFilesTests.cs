using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Files;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Files;

public sealed class LocalFilesTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TempFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Write_ToANewFile_IsForItsOwnerAlone()
    {
        (await new LocalFiles(folder.Path).WriteAsync("keys/a", new byte[] { 1, 2 }, Token)).ShouldBeNull();
        File.GetUnixFileMode(folder.File("keys/a")).ShouldBe(Private);
        File.GetUnixFileMode(folder.File("keys")).ShouldBe(Private | UnixFileMode.UserExecute);
        File.ReadAllBytes(folder.File("keys/a")).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Write_OverAFileThatEverybodyMayRead_TakesThatAway()
    {
        File.WriteAllText(folder.File("a"), "old");
        File.SetUnixFileMode(folder.File("a"), (UnixFileMode)0b110_100_100);
        (await new LocalFiles(folder.Path).WriteAsync("a", "new"u8.ToArray(), Token)).ShouldBeNull();
        File.GetUnixFileMode(folder.File("a")).ShouldBe(Private);
    }

    [Fact]
    public async Task Write_ThatIsCancelled_LeavesTheOldFileAndNoDraft()
    {
        File.WriteAllText(folder.File("a"), "old");
        await Should.ThrowAsync<OperationCanceledException>(new LocalFiles(folder.Path).WriteAsync("a", "new"u8.ToArray(), new CancellationToken(true)));
        Directory.GetFiles(folder.Path).ShouldBe([folder.File("a")]);
        File.ReadAllText(folder.File("a")).ShouldBe("old");
    }

    [Fact]
    public async Task Read_OfAMissingFile_IsEmpty() => (await new LocalFiles(folder.Path).ReadAsync("x/y", Token)).Value.IsEmpty.ShouldBeTrue();

    [Fact]
    public async Task Read_OfAFileLargerThanAny_IsRefused()
    {
        using (var file = File.Create(folder.File("large")))
        {
            file.SetLength(LocalFiles.MaxBytes + 1);
        }

        (await new LocalFiles(folder.Path).ReadAsync("large", Token)).Fault.ShouldNotBeNull();
    }

    [Fact]
    public async Task Write_WhereNoFolderCanBe_SaysSoInOneSentence()
    {
        var fault = (await new LocalFiles("/dev/null/data").WriteAsync("a/b", new byte[] { 1 }, Token)).ShouldNotBeNull();
        fault.Kind.ShouldBe(FaultKind.Permanent);
        fault.ToString().ShouldStartWith("the folder /dev/null/data/a cannot be made");
        fault.ToString().ShouldContain("--data");
    }
}
