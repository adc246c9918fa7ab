using System.Collections.Immutable;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Processes;

[Trait("Category", "Integration")]
public sealed class LastingProcessTests
{
    [Fact]
    public async Task Start_OfAProgram_WritesItsWordsAndKnowsItsEnd()
    {
        using var folder = new TempFolder();

        var process = await StartAsync(Spec(folder, "/bin/sh", "-c", "echo $WORD; echo two >&2; exit 3") with { Environment = ImmutableSortedDictionary<string, string>.Empty.Add("WORD", "one") });

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
            await (await StartAsync(Spec(folder, "/bin/echo", word))).Exited;
        }

        (await File.ReadAllTextAsync(folder.File("log"), TestContext.Current.CancellationToken)).ShouldBe("panic\nfine\n");
    }

    [Fact]
    public async Task Start_FromAThreadOfThePool_OutlivesThatThread()
    {
        using var folder = new TempFolder();
        LastingProcess? process = null;
        var starter = new Thread(() =>
            process = StartAsync(Spec(folder, "sleep", "1000")).GetAwaiter().GetResult());
        starter.Start();
        starter.Join();

        await Task.Delay(300, TestContext.Current.CancellationToken);

        process!.Exited.IsCompleted.ShouldBeFalse();
        await process.StopAsync();
        process.Exited.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Stop_OfAProgramThatIgnoresTerm_KillsItAfterTheGrace()
    {
        using var folder = new TempFolder();
        var process = await StartAsync(Spec(folder, "/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done") with { Grace = TimeSpan.FromMilliseconds(100) });
        await Eventually.HoldsAsync(() => File.Exists(folder.File("log")) && File.ReadAllText(folder.File("log")).Length > 0, "the trap is set");

        await process.StopAsync();

        (await process.Exited).ShouldBe(137);
    }

    [Fact]
    public async Task Start_OfAProgramThatIsMissing_EndsAndSaysSo()
    {
        using var folder = new TempFolder();

        var process = await StartAsync(Spec(folder, "/no/such/program"));

        (await process.Exited).ShouldNotBe(0);
        (await File.ReadAllTextAsync(folder.File("log"), TestContext.Current.CancellationToken)).ShouldContain("/no/such/program");
    }

    private static ProcessSpec Spec(TempFolder folder, string program, params string[] arguments) =>
        new() { Name = "program", Program = program, Arguments = [.. arguments], LogFile = folder.File("log") };

    private static Task<LastingProcess> StartAsync(ProcessSpec spec) => LastingProcess.StartAsync(spec, Signal.Terminate, TimeProvider.System);
}
