using System.Collections.Concurrent;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Processes;

[Trait("Category", "Integration")]
public sealed class SupervisedProcessTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly ConcurrentQueue<string> said = [];

    private string Log => folder.File("process.log");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Process_ThatIsKilled_IsStartedAgainAndSaysSo()
    {
        await using var process = await StartAsync("sleep 1000");
        var first = process.Pid;
        Signals.Send(first, Signal.Kill);
        await Eventually.HoldsAsync(() => process.Pid != first && ProcessIdentity.Of(process.Pid) is not null, "another process runs");
        process.Exits.ShouldBe(1);
        process.Part().ShouldSatisfyAllConditions(part => part.Restarts.ShouldBe(1), part => part.IsUp.ShouldBeTrue(), part => part.Process!.Pid.ShouldBe(process.Pid), part => part.LogFile.ShouldBe(Log));
        said.ShouldContain(line => line.StartsWith("sleeper ended with signal 9; starting it again in ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Process_ThatStops_IsGoneWithAllThatItStarted()
    {
        var process = await StartAsync($"sleep 1001 & echo $! > {folder.File("child")}; wait");
        await Eventually.HoldsAsync(() => File.Exists(folder.File("child")) && File.ReadAllText(folder.File("child")).Length > 1, "the child runs");
        var child = ProcessIdentity.Of(int.Parse(File.ReadAllText(folder.File("child")))).ShouldNotBeNull();
        var parent = ProcessIdentity.Of(process.Pid).ShouldNotBeNull();
        await process.DisposeAsync();
        parent.IsAlive.ShouldBeFalse();
        await Eventually.HoldsAsync(() => !child.IsAlive, "the child is gone");
        process.Exits.ShouldBe(0);
    }

    [Fact]
    public async Task Process_ThatEndsWhileItIsStopped_IsGoneWithAllThatItStarted()
    {
        var process = await StartAsync($"sleep 1003 & echo $! > {folder.File("child")}; wait");
        await Eventually.HoldsAsync(() => File.Exists(folder.File("child")) && File.ReadAllText(folder.File("child")).Length > 1, "the child runs");
        var child = ProcessIdentity.Of(int.Parse(File.ReadAllText(folder.File("child")))).ShouldNotBeNull();
        Signals.Send(process.Pid, Signal.Kill);
        await process.DisposeAsync();
        await Eventually.HoldsAsync(() => !child.IsAlive, "the child is gone");
    }

    [Fact]
    public async Task Process_ThatDoesNotListenToSigterm_IsKilledAfterItsGrace()
    {
        var process = await StartAsync($"trap '' TERM; touch {folder.File("ready")}; while true; do sleep 0.1; done", TimeSpan.FromMilliseconds(300));
        await Eventually.HoldsAsync(() => File.Exists(folder.File("ready")), "it is deaf");
        var identity = ProcessIdentity.Of(process.Pid).ShouldNotBeNull();
        await process.DisposeAsync();
        identity.IsAlive.ShouldBeFalse();
    }

    [Fact]
    public async Task Process_WritesToItsLog_AndItsLastWordsAreKnown()
    {
        await using var process = await StartAsync("echo first; echo second >&2; sleep 1000");
        await Eventually.HoldsAsync(() => process.LastWords() == "second", "both lines are in the log");
        File.ReadAllLines(Log).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task Process_WhoseStarterThreadPoolIsBusy_IsNotKilledByTheEndOfAThread()
    {
        // The kernel's parent-death signal follows the thread that forked: it must be one that stays.
        SupervisedProcess? process = null;
        var thread = new Thread(() => process = StartAsync("sleep 1002").GetAwaiter().GetResult());
        thread.Start();
        thread.Join();
        var identity = ProcessIdentity.Of(process!.Pid).ShouldNotBeNull();
        await Task.Delay(200, TestContext.Current.CancellationToken);
        identity.IsAlive.ShouldBeTrue();
        process.Exits.ShouldBe(0);
        await process.DisposeAsync();
    }

    [Fact]
    public async Task Process_WhoseProgramIsMissing_EndsAndSaysWhyInItsLog()
    {
        await using var process = await StartAsync(new ProcessSpec { Name = "nothing", Program = "/no/such/program", LogFile = Log });
        await Eventually.HoldsAsync(() => process.Exits > 0, "it ended");
        process.LastWords().ShouldContain("/no/such/program");
    }

    [Fact]
    public async Task Process_ThatWritesMuch_HasItsLogPutAsideAndWritesOn()
    {
        await using var process = await StartAsync(new ProcessSpec { Name = "writer", Program = "/bin/sh", Arguments = ["-c", $"while [ ! -e {folder.File("go")} ]; do sleep 0.05; done; echo after; sleep 1005"], LogFile = Log });
        await Eventually.HoldsAsync(() => File.Exists(Log), "it has opened its log");
        using (var log = new FileStream(Log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            log.SetLength(LogFiles.MaxBytes + 1);
        }

        await File.WriteAllTextAsync(folder.File("go"), string.Empty, TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => File.Exists(Log + ".1"), "it is put aside");
        new FileInfo(Log + ".1").Length.ShouldBe(LogFiles.MaxBytes + 1);
        await Eventually.HoldsAsync(() => process.LastWords() == "after", "it writes on");
        File.ReadAllText(Log).ShouldBe("after\n");
    }

    /// <summary>No look at the file in a while could bound that.</summary>
    [Fact]
    public async Task Process_ThatWritesAsFastAsItCan_FillsNoDisk_AndItsLastWordsStand()
    {
        await using var process = await StartAsync($"head -c 300000000 /dev/zero | tr '\\0' 'x' | fold -w 100; printf '\\n\\033[2Jthe end\\n'; touch {folder.File("done")}; sleep 1006");
        await Eventually.HoldsAsync(() => File.Exists(folder.File("done")), "it has written 300 MB");
        Directory.GetFiles(folder.Path, "process.log*").Sum(file => new FileInfo(file).Length).ShouldBeLessThan(4 * LogBudget.HeadBytes);
        Signals.Send(process.Pid, Signal.Kill);
        await Eventually.HoldsAsync(() => process.Exits > 0, "it ended");
        LogFiles.Tail(Log, 50).ShouldContain(@"\u001b[2Jthe end");
    }

    private Task<SupervisedProcess> StartAsync(string script, TimeSpan? grace = null) => StartAsync(new ProcessSpec
    {
        Name = "sleeper", Program = "/bin/sh", Arguments = ["-c", script], LogFile = Log, Grace = grace ?? TimeSpan.FromSeconds(10),
    });

    private async Task<SupervisedProcess> StartAsync(ProcessSpec spec)
    {
        var started = await SupervisedProcess.StartAsync(spec, new RestartBackoff(new Random(7)), TimeProvider.System, said.Enqueue);
        return started.Value.ShouldNotBeNull();
    }
}
