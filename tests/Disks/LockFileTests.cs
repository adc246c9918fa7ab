using System.Diagnostics;
using Harmony.Fleet.Disks;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Disks;

public sealed class LockFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string Path => folder.File("lock");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Lock_ThatIsHeld_IsNotTakenAndTellsItsHolder()
    {
        using var held = LockFile.TryTake(Path).ShouldNotBeNull();
        LockFile.TryTake(Path).ShouldBeNull();
        LockFile.Holder(Path).ShouldBe($"process {Environment.ProcessId}");
        File.GetUnixFileMode(Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void Lock_ThatWasReleased_CanBeTakenAgain()
    {
        File.WriteAllText(Path, "a longer text of somebody else\n");
        LockFile.TryTake(Path).ShouldNotBeNull().Dispose();
        using var again = LockFile.TryTake(Path).ShouldNotBeNull();
        LockFile.Holder(Path).ShouldBe($"process {Environment.ProcessId}");
    }

    /// <summary>A lock of a file that has no name any more keeps nobody out: another one is made in its place.</summary>
    [Fact]
    public async Task Lock_WhoseFileIsRemovedByItsHolders_HasOneHolder()
    {
        var (holders, most) = (0, 0);
        await Parallel.ForAsync(0, 8, TestContext.Current.CancellationToken, (_, _) =>
        {
            for (var attempt = 0; attempt < 2000; attempt++)
            {
                using var held = LockFile.TryTake(Path);
                if (held is not null)
                {
                    most = Math.Max(most, Interlocked.Increment(ref holders));
                    Thread.Yield();
                    Interlocked.Decrement(ref holders);
                    File.Delete(Path);
                }
            }

            return ValueTask.CompletedTask;
        });
        most.ShouldBe(1);
    }

    /// <summary>Whoever holds it, and however it is held: the kernel's lock counts, and not what is written in the file.</summary>
    [Fact]
    public async Task Lock_OfAnotherProcess_IsFreeWhenThatIsKilled()
    {
        await File.WriteAllTextAsync(Path, "no number", TestContext.Current.CancellationToken);
        using var other = await Spawner.StartAsync(new ProcessStartInfo("setpriv", ["--pdeathsig", "KILL", "flock", "--no-fork", Path, "sleep", "infinity"]));
        await Eventually.HoldsAsync(
            () =>
            {
                using var taken = LockFile.TryTake(Path);
                return taken is null;
            },
            "the other process holds it");
        other.Kill();
        await other.WaitForExitAsync(TestContext.Current.CancellationToken);
        using var free = LockFile.TryTake(Path).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("no number")]
    [InlineData("123456789012345678901234567890")]
    public void Holder_ThatDoesNotSayWhoItIs_IsAnotherProcess(string text)
    {
        File.WriteAllText(Path, text);
        LockFile.Holder(Path).ShouldBe("another process");
    }

    [Fact]
    public void Holder_OfNoFile_IsAnotherProcess() => LockFile.Holder(Path).ShouldBe("another process");

    [Fact]
    public async Task Lock_ThatIsNoFile_IsAFailure()
    {
        await folder.PipeAsync("lock");
        Should.Throw<NoFileException>(() => LockFile.TryTake(Path)).Message.ShouldBe("it is a pipe, not a file.");
        LockFile.Holder(Path).ShouldBe("another process");
        Should.Throw<NoFileException>(() => LockFile.TryTake(folder.Path)).Message.ShouldBe("it is a folder, not a file.");
    }

    [Fact]
    public void Lock_InAFolderThatIsNotThere_IsAFailure() => Should.Throw<IOException>(() => LockFile.TryTake(folder.File("none/lock")));
}
