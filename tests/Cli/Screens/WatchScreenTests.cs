using System.Text.Json;
using Harmony.Fleet.Cli.Layout;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Terminals;
using Microsoft.AspNetCore.Http;

namespace Harmony.Fleet.Tests.Cli.Screens;

/// <summary><c>fleet get -w</c> on a terminal.</summary>
public sealed class WatchScreenTests : IAsyncLifetime
{
    private const string List = "/api/v1/devices";
    private readonly ManualTime time = new(Samples.Then.AddHours(2));
    private readonly CliUnderTest cli = new() { IsTerminal = true };
    private readonly CancellationTokenSource interrupted = new();
    private readonly SemaphoreSlim more = new(0);
    private ScriptedServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await ScriptedServer.StartAsync();
        cli.Time = time;
        cli.Facing(server.Address);
        server.On($"GET {List}?limit=500", $$"""{"metadata":{"resourceVersion":"5"},"items":[{{string.Join(',', Enumerable.Range(1, 30).Select(Item))}}]}""");
        server.On($"GET {List}?watch=true&resourceVersion=5", async (_, response) =>
        {
            await response.Body.FlushAsync(interrupted.Token);
            await more.WaitAsync(interrupted.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            if (!interrupted.IsCancellationRequested)
            {
                await response.WriteAsync($$"""{"type":"ADDED","object":{{Item(31)}}}""" + "\n");
                await response.Body.FlushAsync(interrupted.Token);
            }

            await Task.Delay(Timeout.Infinite, interrupted.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        cli.Dispose();
        interrupted.Dispose();
        more.Dispose();
    }

    [Fact]
    public async Task Watch_SaysWhatHasNoRoom_DrawsAnewWhenResized_AndLeavesTheTerminalClean()
    {
        var terminal = new VirtualTerminal(100, 20, TextWidth.Of);
        cli.Resize(100, 20);
        var watching = cli.RunUntilAsync(interrupted.Token, "get", "devices", "-w");
        var taken = await ShownAsync(terminal, 0, "12 more below", "…");
        terminal.IsSecond.ShouldBeTrue();
        terminal.ShowsCursor.ShouldBeFalse();
        Golden.ShouldMatch("watch-devices-100x20", terminal.Text);

        terminal.Resize(60, 10);
        cli.Resize(60, 10);
        taken = await ShownAsync(terminal, taken, "22 more below", "…");
        Golden.ShouldMatch("watch-devices-60x10", terminal.Text);

        more.Release();
        taken = await ShownAsync(terminal, taken, "23 more below", "…");
        await interrupted.CancelAsync();
        (await watching).Code.ShouldBe(130);
        terminal.Feed(cli.Out.ToString()[taken..]);
        terminal.IsSecond.ShouldBeFalse();
        terminal.ShowsCursor.ShouldBeTrue();
        terminal.HasBroken.ShouldBeFalse();
        terminal.Text.ShouldContain("device-8 ");
    }

    [Fact]
    public async Task Watch_ThatLosesItsServer_SaysSoOnTheLastLine()
    {
        cli.Resize(80, 40);
        var watching = cli.RunUntilAsync(interrupted.Token, "get", "devices", "-w");
        var terminal = new VirtualTerminal(80, 40, TextWidth.Of);
        var taken = await ShownAsync(terminal, 0, "device-30 ");
        await server.DisposeAsync();
        await ShownAsync(terminal, taken, "trying again");
        terminal.Text.TrimEnd('\n').Split('\n')[^1].ShouldEndWith("trying again");
        await interrupted.CancelAsync();
        (await watching).Code.ShouldBe(130);
    }

    [Fact]
    public async Task Watch_ThatIsConnectedAgain_SaysNoMoreThatItIsLost_ThoughNothingChanges()
    {
        cli.Resize(80, 40);
        var opened = 0;
        server.On($"GET {List}?watch=true&resourceVersion=5", async (_, response) =>
        {
            switch (++opened)
            {
                case 1:
                    await response.Body.FlushAsync(interrupted.Token);
                    await more.WaitAsync(interrupted.Token);
                    response.HttpContext.Abort();
                    break;
                case 2:
                    response.StatusCode = 503;
                    await more.WaitAsync(interrupted.Token);
                    break;
                default:
                    await response.Body.FlushAsync(interrupted.Token);
                    await Task.Delay(Timeout.Infinite, interrupted.Token).ContinueWith(_ => { }, TaskScheduler.Default);
                    break;
            }
        });
        var watching = cli.RunUntilAsync(interrupted.Token, "get", "devices", "-w");
        var terminal = new VirtualTerminal(80, 40, TextWidth.Of);
        var taken = await ShownAsync(terminal, 0, "device-30 ");
        more.Release();
        taken = await ShownAsync(terminal, taken, "trying again");
        more.Release();
        await time.PassAsync(TimeSpan.FromSeconds(5), () => Shows(terminal, ref taken, "trying again", isThere: false), "the line is gone");
        await interrupted.CancelAsync();
        (await watching).Code.ShouldBe(130);
        Shows(terminal, ref taken, "trying again", isThere: false).ShouldBeTrue();
    }

    private bool Shows(VirtualTerminal terminal, ref int taken, string text, bool isThere)
    {
        var shown = cli.Out.ToString();
        terminal.Feed(shown[taken..]);
        taken = shown.Length;
        return terminal.Text.Contains(text, StringComparison.Ordinal) == isThere;
    }

    private static string Item(int number) => JsonSerializer.Serialize(
        Samples.Device($"device-{number}") with
        {
            Metadata = new Contracts.Resources.ObjectMeta { Name = $"device-{number}", ResourceVersion = $"{number}", CreationTimestamp = Samples.Then },
        },
        Contracts.Resources.ResourceTypes.Devices.Json);

    private async Task<int> ShownAsync(VirtualTerminal terminal, int taken, params string[] texts)
    {
        await time.PassAsync(
            TimeSpan.FromSeconds(5), () => texts.All(text => cli.Out.ToString()[taken..].Contains(text, StringComparison.Ordinal)), string.Join(' ', texts));
        var shown = cli.Out.ToString();
        terminal.Feed(shown[taken..]);
        return shown.Length;
    }
}
