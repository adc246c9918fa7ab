using System.Diagnostics;
using Harmony.Fleet.Cli.Layout;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Terminals;

namespace Harmony.Fleet.Tests.Cli.Local;

/// <summary>What whoever waits for the end of a fleet sees, and is left with.</summary>
public sealed class DownTests : IDisposable
{
    private readonly CliUnderTest cli = new();

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    public async Task Down_ThatIsInterrupted_LeavesOneWholeSentence_ThatTheFleetGoesOnEnding(int width)
    {
        cli.IsTerminal = true;
        cli.Resize(width, 24);
        using var supervisor = Process.Start("perl", ["-e", "$SIG{TERM} = 'IGNORE'; mkdir $ARGV[0]; sleep 60", $"{cli.Folder}/deaf"]);
        await Eventually.HoldsAsync(() => Directory.Exists($"{cli.Folder}/deaf"), "it hears no signal");
        Stops(ProcessIdentity.Of(supervisor.Id)!);
        using var interrupted = new CancellationTokenSource();
        var running = cli.RunUntilAsync(interrupted.Token, "down", "--data", "data");
        await Eventually.HoldsAsync(() => cli.Error.ToString().Contains("5 containers", StringComparison.Ordinal), "it waits");
        await interrupted.CancelAsync();
        var run = await running;
        supervisor.Kill();
        run.Code.ShouldBe(130);
        var screen = new VirtualTerminal(width, 24, TextWidth.Of).Feed(run.Error);
        screen.Text.ReplaceLineEndings(" ").ShouldBe("The fleet goes on ending in the background. ");
        screen.ShowsCursor.ShouldBeTrue();
    }

    private void Stops(ProcessIdentity supervisor)
    {
        foreach (var name in (string[])[".harmony-fleet", "fleet.json"])
        {
            cli.Write($"data/{name}", """{"id":"0123456789abcdef0123456789abcdef"}""");
        }

        cli.Write("data/run/state.json", $$$"""{"phase":"Stopping","stopping":5,"endsBy":"{{{TimeProvider.System.GetUtcNow().AddHours(1):O}}}","folder":"{{{cli.Folder}}}/data","supervisor":{"pid":{{{supervisor.Pid}}},"startTicks":{{{supervisor.StartTicks}}} },"parts":[]}""");
    }
}
