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
        using var supervisor = await BashAsync("trap 'exit 7' TERM; echo; kill -STOP $$; while :; do sleep 0.05; done");
        await Eventually.HoldsAsync(() => supervisor.Identity.IsStopped, "it is stopped");
        await SayAsync(supervisor.Identity);
        (await Control().StopAsync(now: false, null, Token)).ShouldBe(StopResult.Ended);
        await supervisor.Process.WaitForExitAsync(Token);
        supervisor.Process.ExitCode.ShouldBe(7);
    }

    /// <summary>One that is silent for good: in a hurry that is not waited for, else as long as it may take.</summary>
    [Theory]
    [InlineData(true, 5)]
    [InlineData(false, 90)]
    public async Task Stop_OfAStackThatDoesNotAnswer_HasALimit_AndSaysWhatItWaitsFor(bool now, int limit)
    {
        using var supervisor = await BashAsync(Deaf);
        await SayAsync(supervisor.Identity);
        var clock = new ManualTime();
        var news = new System.Collections.Concurrent.ConcurrentQueue<StopNews>();
        var stopping = new StackControl(folder.Path, clock).StopAsync(now, new Told(news.Enqueue), Token);
        await PassAsync(clock, TimeSpan.FromSeconds(limit - 1), stopping);
        var pid = supervisor.Identity.Pid;
        news.Distinct().ShouldBe([new StopNews.Silent(pid, IsStopped: false, DateTimeOffset.UnixEpoch.AddSeconds(limit))]);
        news.First().Sentence(DateTimeOffset.UnixEpoch.AddSeconds(limit - 2), "fleet down --now").ShouldBe(
            $"process {pid}, which runs the fleet, does not answer: it is killed in 2 s, by fleet down --now sooner");
        supervisor.Identity.IsAlive.ShouldBeTrue();

        // The kernel takes its own time, not this clock's.
        await PassAsync(clock, TimeSpan.FromSeconds(limit + 1), stopping);
        await Eventually.HoldsAsync(() => !supervisor.Identity.IsAlive, "it is killed");
        await clock.PassAsync(TimeSpan.FromSeconds(1), () => stopping.IsCompleted, "that is seen");
        (await stopping).ShouldBe(StopResult.Killed);
    }

    /// <summary>Somebody may set it, or NTP does, while a fleet ends as it should.</summary>
    [Theory]
    [InlineData(StackPhase.Ready, false, 2, 90)]
    [InlineData(StackPhase.Ready, true, 2, 5)]
    [InlineData(StackPhase.Stopping, false, 2, 20 + 90)]
    [InlineData(StackPhase.Stopping, true, 2, 30)]
    [InlineData(StackPhase.Stopping, false, -2, 20 + 90)]
    public async Task Stop_WhileTheWallClockIsSet_KillsNobody_AndWaitsNoLonger(StackPhase phase, bool now, int hours, int limit)
    {
        using var supervisor = await BashAsync(Deaf);
        await SayAsync(supervisor.Identity, phase: phase, endsBy: DateTimeOffset.UnixEpoch.AddSeconds(20));
        var clock = new ManualTime();
        var wall = new WallClock(clock);
        var stopping = new StackControl(folder.Path, wall).StopAsync(now, null, Token);
        await PassAsync(clock, TimeSpan.FromSeconds(1), stopping);
        wall.Ahead = TimeSpan.FromHours(hours);
        await PassAsync(clock, TimeSpan.FromSeconds(limit - 1), stopping);
        supervisor.Identity.IsAlive.ShouldBeTrue();
        stopping.IsCompleted.ShouldBeFalse();
        await PassAsync(clock, TimeSpan.FromSeconds(limit + 1), stopping);
        await Eventually.HoldsAsync(() => !supervisor.Identity.IsAlive, "it is killed in its time");
        await clock.PassAsync(TimeSpan.FromSeconds(1), () => stopping.IsCompleted, "that is seen");
        (await stopping).ShouldBe(StopResult.Killed);
    }

    private const string Deaf = "trap '' TERM; echo; while :; do sleep 0.05; done";

    /// <summary>Moves the clock second by second, each once somebody waits for it again, or waits no more.</summary>
    private static Task PassAsync(ManualTime clock, TimeSpan end, Task waiting) => Eventually.HoldsAsync(
        () =>
        {
            var isWaited = clock.Dues.Count > 0;
            if (isWaited && clock.Passed < end)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return false;
            }

            return isWaited || waiting.IsCompleted;
        },
        $"{end} is waited for");

    /// <summary>A script that has said that it runs; it ends with this.</summary>
    private static async Task<Script> BashAsync(string script)
    {
        var process = await Spawner.StartAsync(new ProcessStartInfo("setpriv", ["--pdeathsig", "KILL", "bash", "-c", script]) { UseShellExecute = false, RedirectStandardOutput = true });
        await process.StandardOutput.ReadLineAsync(Token);
        return new Script(process, ProcessIdentity.Of(process.Id).ShouldNotBeNull());
    }

    /// <summary>Shows another time than it was, as a wall clock that somebody sets; what is measured stays as it is.</summary>
    private sealed class WallClock(ManualTime clock) : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + Ahead;

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
    }

    private sealed record Script(Process Process, ProcessIdentity Identity) : IDisposable
    {
        public void Dispose()
        {
            Process.Kill(entireProcessTree: true);
            Process.Dispose();
        }
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

    /// <summary>Also where the number of the request was the highest: what is written can be read.</summary>
    [Theory]
    [InlineData(1, 2)]
    [InlineData(StackWish.MaxRequest, 1)]
    public async Task Grow_AfterOneThatFailed_IsTriedAgain(long before, long next)
    {
        var failed = new StackState { Phase = StackPhase.Ready, Supervisor = ProcessIdentity.Self, Folder = folder.Path, Devices = 1, Wished = 3, Request = before, Fault = "no room" };
        (await new StackMark(folder.Path).SetAsync(Token)).ShouldBeNull();
        var wish = (await documents.WishAsync(Token)).Value.ShouldNotBeNull() with { Devices = 3, Request = before, HasStood = true };
        (await documents.WriteAsync(wish, Token)).ShouldBeNull();
        (await documents.WriteAsync(failed, Token)).ShouldBeNull();
        var growing = Control().GrowAsync(3, Token);
        await Eventually.HoldsAsync(async () => (await documents.WishAsync(Token)).Value == wish with { Request = next }, "it is wished again");
        growing.IsCompleted.ShouldBeFalse("the fault is of the request before");
        (await documents.WriteAsync(failed with { Devices = 3, Request = next, Fault = null }, Token)).ShouldBeNull();
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

    private async Task SayAsync(ProcessIdentity supervisor, string? of = null, StackPhase phase = StackPhase.Ready, DateTimeOffset? endsBy = null)
    {
        (await new StackMark(folder.Path).SetAsync(Token)).ShouldBeNull();
        (await documents.WriteAsync(new StackState { Phase = phase, Supervisor = supervisor, Folder = of ?? folder.Path, EndsBy = endsBy }, Token)).ShouldBeNull();
    }
}
