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
            held.Noted.ShouldBeNull();
            OwnLock.TryTake(Path).ShouldBeNull();
            LockFile.Holder(Path).ShouldBe($"process {Environment.ProcessId}");
            File.GetUnixFileMode(Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.Exists(Path).ShouldBeFalse();
    }

    [Theory]
    [InlineData("1234567\nnoted: 0123abcd b\n", "0123abcd b")]
    [InlineData("1234567\nnoted:\n", "")]
    [InlineData("1234567\n", null)]
    [InlineData("", null)]
    public void Lock_ThatWasLeft_IsTaken_AndKeepsWhatWasNoted(string text, string? noted)
    {
        File.WriteAllText(Path, text);
        using var taken = OwnLock.TryTake(Path).ShouldNotBeNull();
        (taken.Noted is { } words ? string.Join(' ', words) : null).ShouldBe(noted);
        LockFile.Holder(Path).ShouldBe($"process {Environment.ProcessId}");
        Text().ShouldBe($"{Environment.ProcessId}\n{(noted is null ? string.Empty : $"noted:{(noted.Length > 0 ? " " : string.Empty)}{noted}\n")}");
    }

    [Fact]
    public void Note_TakesThePlaceOfWhatWasNoted()
    {
        File.WriteAllText(Path, "1\nnoted: a b c\n");
        using var taken = OwnLock.TryTake(Path).ShouldNotBeNull();
        taken.Note(["d"]);
        Text().ShouldBe($"{Environment.ProcessId}\nnoted: d\n");
        taken.Noted.ShouldBe(["d"]);
    }

    [Theory]
    [InlineData("export PATH\n")]
    [InlineData("123")]
    [InlineData("-1\n")]
    [InlineData("1\nnotes\n")]
    [InlineData("1\nnoted: of May!\n")]
    [InlineData("1\nnoted: a\nb\n")]
    [InlineData("\n")]
    public void File_OfSomethingElse_IsNotTouched(string text)
    {
        File.WriteAllText(Path, text);
        Should.Throw<IOException>(() => OwnLock.TryTake(Path)).Message.ShouldBe($"{Path} is in the way: it holds something else than such a lock does");
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
        using (var ln = System.Diagnostics.Process.Start("ln", [folder.File("other"), Path]))
        {
            await ln.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

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

    // Without asking for a lock of its own, as .NET's streams do.
    private string Text()
    {
        using var cat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("cat", [Path]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        return cat.StandardOutput.ReadToEnd();
    }
}
