using System.Diagnostics;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Files;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.Stacks;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Stacks;

public sealed class StackControlTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly StackFiles documents;

    public StackControlTests() => documents = new StackFiles(new LocalFiles(folder.Path));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task State_OfAStackWhoseProcessEnded_IsNone()
    {
        using var process = Process.Start("/bin/true");
        await process.WaitForExitAsync(Token);
        await SayAsync(new ProcessIdentity(process.Id, 1));
        (await Control().StateAsync(Token)).ShouldBe(Outcome.Of<StackState?>(null));
    }

    [Fact]
    public async Task Stop_WhenItsNumberBelongsToAnotherProcess_LeavesThatAlone()
    {
        using var stranger = Process.Start("/bin/sleep", "1004");
        try
        {
            var identity = ProcessIdentity.Of(stranger.Id).ShouldNotBeNull();
            await SayAsync(identity with { StartTicks = identity.StartTicks - 1 });
            (await Control().StopAsync(now: false, null, Token)).ShouldBeFalse();
            identity.IsAlive.ShouldBeTrue();
        }
        finally
        {
            stranger.Kill();
            await stranger.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Whoever ends or purges a copy must not end the original.</summary>
    [Fact]
    public async Task State_InACopyOfAFolder_IsNotItsOwn()
    {
        await SayAsync(ProcessIdentity.Self, of: folder.File("original"));
        (await Control().StateAsync(Token)).ShouldBe(Outcome.Of<StackState?>(null));
        (await Control().StopAsync(now: true, null, Token)).ShouldBeFalse();
        (await new StackRemoval(folder.Path).PurgeAsync(Token)).ShouldBeNull();
    }

    /// <summary>Unlike a copy's, its lock is held.</summary>
    [Fact]
    public async Task Purge_OfAFolderThatWasMovedUnderARunningFleet_SaysWhere()
    {
        await SayAsync(ProcessIdentity.Self, of: folder.File("before"));
        using var held = (await StackLock.TakeAsync(new LocalFiles(folder.Path), Token)).Value.ShouldNotBeNull();
        (await new StackRemoval(folder.Path).PurgeAsync(Token)).ShouldBe(
            new Fault(FaultKind.Conflict, $"a fleet runs from {folder.Path} that was started in {folder.File("before")}", $"move the folder back to {folder.File("before")}, and end it there"));
    }

    [Fact]
    public async Task State_OfADamagedFile_IsNone()
    {
        await SayAsync(ProcessIdentity.Self);
        (await Control().StateAsync(Token)).Value.ShouldNotBeNull();
        File.WriteAllText(folder.File(StackPaths.State), "{{{");
        (await Control().StateAsync(Token)).ShouldBe(Outcome.Of<StackState?>(null));
    }

    [Fact]
    public async Task Purge_OfAFolder_LeavesForeignFilesAlone()
    {
        File.WriteAllText(folder.File("letter.txt"), "dear");
        (await new StackMark(folder.Path).SetAsync(Token)).ShouldBeNull();
        await SayAsync(new ProcessIdentity(1, 1));
        (await new StackRemoval(folder.Path).PurgeAsync(Token)).ShouldBeNull();
        Directory.GetFileSystemEntries(folder.Path).ShouldBe([folder.File("letter.txt")]);
    }

    [Fact]
    public async Task Grow_AfterOneThatFailed_IsTriedAgain()
    {
        var failed = new StackState { Phase = StackPhase.Ready, Supervisor = ProcessIdentity.Self, Folder = folder.Path, Devices = 1, Wished = 3, Request = 1, Fault = "no room" };
        (await new StackMark(folder.Path).SetAsync(Token)).ShouldBeNull();
        var wish = (await documents.WishAsync(Token)).Value.ShouldNotBeNull() with { Devices = 3, Request = 1, HasStood = true };
        (await documents.WriteAsync(wish, Token)).ShouldBeNull();
        (await documents.WriteAsync(failed, Token)).ShouldBeNull();
        var growing = Control().GrowAsync(3, Token);
        await Eventually.HoldsAsync(async () => (await documents.WishAsync(Token)).Value == wish with { Request = 2 }, "it is wished again");
        growing.IsCompleted.ShouldBeFalse("the fault is of the request before");
        (await documents.WriteAsync(failed with { Devices = 3, Request = 2, Fault = null }, Token)).ShouldBeNull();
        (await growing).ShouldBeNull();
    }

    [Fact]
    public async Task Grow_ThatFails_SaysWhatToDo()
    {
        var state = new StackState { Phase = StackPhase.Ready, Supervisor = ProcessIdentity.Self, Folder = folder.Path, Devices = 1, Wished = 3, Request = 1, Fault = "no room" };
        (await new StackMark(folder.Path).SetAsync(Token)).ShouldBeNull();
        (await documents.WriteAsync(state, Token)).ShouldBeNull();
        (await Control().GrowAsync(3, Token)).ShouldNotBeNull().ToString()
            .ShouldBe("the fleet has 1 of 3 devices (no room): mend that, then run fleet up --devices 3 again");
    }

    private StackControl Control() => new(folder.Path, TimeProvider.System);

    private async Task SayAsync(ProcessIdentity supervisor, string? of = null)
    {
        (await new StackMark(folder.Path).SetAsync(Token)).ShouldBeNull();
        (await documents.WriteAsync(new StackState { Phase = StackPhase.Ready, Supervisor = supervisor, Folder = of ?? folder.Path }, Token)).ShouldBeNull();
    }
}
