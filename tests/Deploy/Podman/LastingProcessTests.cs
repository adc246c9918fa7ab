using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Podman;

[Trait("Category", "Integration")]
public sealed class LastingProcessTests
{
    [Fact]
    public async Task Start_OfAProgram_WritesItsWordsAndKnowsItsEnd()
    {
        using var folder = new TempFolder();

        var process = await LastingProcess.StartAsync(
            ["/bin/sh", "-c", "echo $WORD; echo two >&2; exit 3"], [new("WORD", "one")], folder.File("log"), endsWithParent: true);

        (await process.Exited).ShouldBe(3);
        (await File.ReadAllTextAsync(folder.File("log"), TestContext.Current.CancellationToken)).ShouldBe("one\ntwo\n");
    }

    /// <summary>Why the one before it ended must be there to be read.</summary>
    [Fact]
    public async Task Start_OverTheLogOfOneThatEnded_KeepsItsWords()
    {
        using var folder = new TempFolder();
        foreach (var word in (string[])["panic", "fine"])
        {
            await (await LastingProcess.StartAsync(["/bin/echo", word], [], folder.File("log"), endsWithParent: true)).Exited;
        }

        (await File.ReadAllTextAsync(folder.File("log"), TestContext.Current.CancellationToken)).ShouldBe("panic\nfine\n");
    }

    [Fact]
    public async Task Start_FromAThreadOfThePool_OutlivesThatThread()
    {
        using var folder = new TempFolder();
        LastingProcess? process = null;
        var starter = new Thread(() =>
            process = LastingProcess.StartAsync(["sleep", "1000"], [], folder.File("log"), endsWithParent: true).GetAwaiter().GetResult());
        starter.Start();
        starter.Join();

        await Task.Delay(300, TestContext.Current.CancellationToken);

        process!.Exited.IsCompleted.ShouldBeFalse();
        await process.StopAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
        process.Exited.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Stop_OfAProgramThatIgnoresTerm_KillsItAfterTheGrace()
    {
        using var folder = new TempFolder();
        var process = await LastingProcess.StartAsync(
            ["/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"], [], folder.File("log"), endsWithParent: true);
        await Eventually.HoldsAsync(() => File.Exists(folder.File("log")) && File.ReadAllText(folder.File("log")).Length > 0, "the trap is set");

        await process.StopAsync(TimeSpan.FromMilliseconds(100), TimeProvider.System);

        (await process.Exited).ShouldBe(137);
    }

    [Fact]
    public async Task Start_OfAProgramThatIsMissing_EndsAndSaysSo()
    {
        using var folder = new TempFolder();

        var process = await LastingProcess.StartAsync(["/no/such/program"], [], folder.File("log"), endsWithParent: true);

        (await process.Exited).ShouldNotBe(0);
        (await File.ReadAllTextAsync(folder.File("log"), TestContext.Current.CancellationToken)).ShouldContain("/no/such/program");
    }
}
