using System.Diagnostics;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Files;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.Stacks;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

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
            (await Control().StopAsync(now: false, null, Token)).ShouldBe(StopResult.NoneRan);
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
        (await Control().StopAsync(now: true, null, Token)).ShouldBe(StopResult.NoneRan);
        (await new StackRemoval(folder.Path).PurgeAsync(Token)).ShouldBeNull();
    }

    /// <summary>Unlike a copy's, its lock is held.</summary>
    [Fact]
    public async Task Purge_OfAFolderThatWasMovedUnderARunningFleet_SaysWhere()
    {
        await SayAsync(ProcessIdentity.Self, of: folder.File("before"));
        using var held = (await StackLock.TakeAsync(new LocalFiles(folder.Path), Token)).Value.ShouldNotBeNull();
        var moved = new Fault(FaultKind.Conflict, $"a fleet runs from {folder.Path} that was started in {folder.File("before")}", $"move the folder back to {folder.File("before")}, and end it there");
        (await new StackRemoval(folder.Path).PurgeAsync(Token)).ShouldBe(moved);
        (await Control().StateAsync(Token)).Fault.ShouldBe(moved);
        (await Control().EndpointAsync(Token)).Fault.ShouldBe(moved);
        (await Control().StopAsync(now: true, null, Token)).Fault.ShouldBe(moved);
    }

    [Fact]
    public async Task Stop_OfAStackThatASignalStopped_LetsItEndInGoodOrder()
    {
        using var supervisor = Process.Start("bash", ["-c", "trap 'exit 7' TERM; kill -STOP $$; while :; do sleep 0.05; done"]);
        await StoppedAsync(supervisor.Id);
        (await Control().StopAsync(now: false, null, Token)).ShouldBe(StopResult.Ended);
        await supervisor.WaitForExitAsync(Token);
        supervisor.ExitCode.ShouldBe(7);
    }

    /// <summary>One that is silent for good: in a hurry that is not waited for, else as long as it may take.</summary>
    [Theory]
    [InlineData(true, 5)]
    [InlineData(false, 90)]
    public async Task Stop_OfAStackThatDoesNotAnswer_HasALimit_AndSaysWhatItWaitsFor(bool now, int limit)
    {
        using var supervisor = Process.Start("bash", ["-c", "trap '' TERM; echo; while :; do sleep 0.05; done"]);
        var identity = ProcessIdentity.Of(supervisor.Id).ShouldNotBeNull();
        await SayAsync(identity);
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var news = new System.Collections.Concurrent.ConcurrentQueue<StopNews>();
        var stopping = new StackControl(folder.Path, clock).StopAsync(now, new Told(news.Enqueue), Token);
        await UntilAsync(clock, TimeSpan.FromSeconds(limit - 1), () => !news.IsEmpty);
        news.ShouldContain(new StopNews.Silent(supervisor.Id, IsStopped: false, DateTimeOffset.UnixEpoch.AddSeconds(limit)));
        news.First().Sentence(DateTimeOffset.UnixEpoch.AddSeconds(limit - 2), "fleet down --now").ShouldBe(
            $"process {supervisor.Id}, which runs the fleet, does not answer: it is killed in 2 s, by fleet down --now sooner");
        identity.IsAlive.ShouldBeTrue();
        await UntilAsync(clock, TimeSpan.FromSeconds(limit + 30), () => stopping.IsCompleted);
        (await stopping).ShouldBe(StopResult.Killed);
        identity.IsAlive.ShouldBeFalse();
    }

    private static async Task UntilAsync(FakeTimeProvider clock, TimeSpan end, Func<bool> holds)
    {
        while (!holds() && clock.GetUtcNow() - DateTimeOffset.UnixEpoch < end)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(2, Token);
        }
    }

    private async Task StoppedAsync(int pid)
    {
        await Eventually.HoldsAsync(() => ProcessIdentity.Of(pid) is { IsStopped: true }, "it is stopped");
        await SayAsync(ProcessIdentity.Of(pid).ShouldNotBeNull());
    }

    private sealed class Told(Action<StopNews> tell) : IProgress<StopNews>
    {
        public void Report(StopNews value) => tell(value);
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
        (await new StackMark(folder.Path).SetAsync(Token)).ShouldBeNull();
        File.WriteAllText(folder.File("letter.txt"), "dear");
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
