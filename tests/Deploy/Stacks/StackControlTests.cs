using System.Diagnostics;
using Harmony.Fleet.Deploy.Files;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.Stacks;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Stacks;

public sealed class StackControlTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task State_OfAStackWhoseProcessEnded_IsNone()
    {
        using var process = Process.Start("/bin/true");
        await process.WaitForExitAsync(Token);
        await SayAsync(new ProcessIdentity(process.Id, 1));
        (await Control().StateAsync(Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Stop_WhenItsNumberBelongsToAnotherProcess_LeavesThatAlone()
    {
        using var stranger = Process.Start("/bin/sleep", "1004");
        try
        {
            var identity = ProcessIdentity.Of(stranger.Id).ShouldNotBeNull();
            await SayAsync(identity with { StartTicks = identity.StartTicks - 1 });
            (await Control().StopAsync(Token)).ShouldBeFalse();
            identity.IsAlive.ShouldBeTrue();
        }
        finally
        {
            stranger.Kill();
            await stranger.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task State_OfADamagedFile_IsNone()
    {
        Directory.CreateDirectory(folder.File("run"));
        File.WriteAllText(folder.File(StackPaths.State), "{{{");
        (await Control().StateAsync(Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Purge_OfAFolder_LeavesForeignFilesAlone()
    {
        File.WriteAllText(folder.File("letter.txt"), "dear");
        await SayAsync(new ProcessIdentity(1, 1));
        (await new StackMark(folder.Path).SetAsync(Token)).ShouldBeNull();
        (await new StackRemoval(folder.Path).PurgeAsync(Token)).ShouldBeNull();
        Directory.GetFileSystemEntries(folder.Path).ShouldBe([folder.File("letter.txt")]);
    }

    private StackControl Control() => new(folder.Path, TimeProvider.System);

    private async Task SayAsync(ProcessIdentity supervisor) =>
        (await new StackFiles(new LocalFiles(folder.Path)).WriteAsync(new StackState { Phase = StackPhase.Ready, Supervisor = supervisor }, Token)).ShouldBeNull();
}
