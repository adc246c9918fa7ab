using System.Diagnostics;
using Harmony.Fleet.Disks;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Disks;

public sealed class ByteLockTests : IDisposable
{
    private readonly TempFolder folder = new();

    public ByteLockTests() => File.WriteAllText(Path, "content");

    private string Path => folder.File("file");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Lock_ThatIsHeld_IsNotTaken_UnderAnyNameOfTheFile_AndWhoeverElseClosesIt()
    {
        using (ByteLock.TryTake(Path).ShouldNotBeNull())
        {
            File.CreateSymbolicLink(folder.File("link"), Path);
            File.ReadAllText(Path).ShouldBe("content");
            ByteLock.TryTake(Path).ShouldBeNull();
            ByteLock.TryTake(folder.File("link")).ShouldBeNull();
            File.Move(Path, folder.File("moved"));
            ByteLock.TryTake(folder.File("moved")).ShouldBeNull();
        }

        using var free = ByteLock.TryTake(folder.File("moved")).ShouldNotBeNull();
    }

    /// <summary>A child that was started meanwhile does not hold it.</summary>
    [Fact]
    public async Task Lock_ThatWasReleased_IsFree_WhateverProgramsWereStarted()
    {
        var held = ByteLock.TryTake(Path).ShouldNotBeNull();
        using var other = await Spawner.StartAsync(new ProcessStartInfo("setpriv", ["--pdeathsig", "KILL", "sleep", "infinity"]));
        held.Dispose();
        using var free = ByteLock.TryTake(Path).ShouldNotBeNull();
        other.Kill();
        await other.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Lock_OfWhatIsNotThere_IsRefused() => Should.Throw<FileNotFoundException>(() => ByteLock.TryTake(folder.File("none")));
}
