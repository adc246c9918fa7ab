using Harmony.Fleet.Disks;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Disks;

public sealed class OwnLockTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string Path => folder.File("lock");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Lock_ThatIsHeld_IsNotTaken_AndGoesWithItsHolder()
    {
        using (var held = OwnLock.TryTake(Path).ShouldNotBeNull())
        {
            held.IsLeft.ShouldBeFalse();
            OwnLock.TryTake(Path).ShouldBeNull();
            LockFile.Holder(Path).ShouldBe($"process {Environment.ProcessId}");
            File.GetUnixFileMode(Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.Exists(Path).ShouldBeFalse();
    }

    [Theory]
    [InlineData("1234567\n", true)]
    [InlineData("", false)]
    public void Lock_ThatWasLeft_IsTaken(string text, bool isSigned)
    {
        File.WriteAllText(Path, text);
        using var taken = OwnLock.TryTake(Path).ShouldNotBeNull();
        taken.IsLeft.ShouldBe(isSigned);
        LockFile.Holder(Path).ShouldBe($"process {Environment.ProcessId}");
    }

    [Theory]
    [InlineData("export PATH\n")]
    [InlineData("123")]
    [InlineData("-1\n")]
    [InlineData("1\n2\nnotes\n")]
    [InlineData("\n")]
    public void File_OfSomethingElse_IsNotTouched(string text)
    {
        File.WriteAllText(Path, text);
        Should.Throw<IOException>(() => OwnLock.TryTake(Path)).Message.ShouldBe($"{Path} is in the way: it holds something else than the number of a process");
        File.ReadAllText(Path).ShouldBe(text);
    }

    [Theory]
    [InlineData("1\n")]
    [InlineData(null)]
    public void Link_IsNotFollowed(string? target)
    {
        var victim = folder.File("victim");
        if (target is not null)
        {
            File.WriteAllText(victim, target);
        }

        File.CreateSymbolicLink(Path, victim);
        Should.Throw<IOException>(() => OwnLock.TryTake(Path)).Message.ShouldBe($"{Path} is in the way: it is a link, not a file");
        File.Exists(victim).ShouldBe(target is not null);
    }

    [Fact]
    public async Task Pipe_OrAFileWithAnotherName_IsNotTaken()
    {
        await folder.PipeAsync("pipe");
        Should.Throw<IOException>(() => OwnLock.TryTake(folder.File("pipe"))).Message.ShouldEndWith("it is a pipe, not a file");
        await File.WriteAllTextAsync(folder.File("other"), "1\n", TestContext.Current.CancellationToken);
        File.CreateHardLink(Path, folder.File("other"));
        Should.Throw<IOException>(() => OwnLock.TryTake(Path)).Message.ShouldEndWith("it has another name as well");
    }

    [Fact]
    public void Release_RemovesNothingElse()
    {
        var held = OwnLock.TryTake(Path).ShouldNotBeNull();
        File.Move(Path, folder.File("moved"));
        File.WriteAllText(Path, "of somebody");
        held.Dispose();
        File.ReadAllText(Path).ShouldBe("of somebody");
    }

    /// <summary>Of many who take and release it, never two have it, also where one opens what another removes.</summary>
    [Fact]
    public async Task Lock_ThatManyTake_HasOneHolder()
    {
        var (holders, most, taken) = (0, 0, 0);
        await Parallel.ForAsync(0, 8, TestContext.Current.CancellationToken, (_, _) =>
        {
            for (var attempt = 0; attempt < 500; attempt++)
            {
                using var held = OwnLock.TryTake(Path);
                if (held is not null)
                {
                    most = Math.Max(most, Interlocked.Increment(ref holders));
                    Interlocked.Increment(ref taken);
                    Interlocked.Decrement(ref holders);
                }
            }

            return ValueTask.CompletedTask;
        });
        most.ShouldBe(1);
        taken.ShouldBeGreaterThan(0);
    }
}
