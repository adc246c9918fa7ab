using Harmony.Fleet.Cli.Layout;
using Harmony.Fleet.Tests.Harness.Terminals;

namespace Harmony.Fleet.Tests.Cli.Screens;

/// <summary>The program in a real terminal: what the kernel has a part in.</summary>
[Trait("Category", "Integration")]
public sealed class TerminalTests : IAsyncLifetime
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Harmony.Fleet.Cli");

    private readonly CliUnderTest files = new();
    private ScriptedServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await ScriptedServer.StartAsync();
        server.On("GET /api/v1/devices?limit=500", Devices(12));
        server.On("GET /api/v1/devices?watch=true&resourceVersion=5", async (_, response) =>
        {
            await response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, response.HttpContext.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        files.Dispose();
    }

    [Theory]
    [InlineData(80, 120)]
    [InlineData(100, 80)]
    [InlineData(120, 60)]
    public async Task Watch_FitsTheTerminal_AlsoWhenThatIsResized(int columns, int then)
    {
        await using var terminal = await WatchAsync(columns);
        await terminal.ShowsAsync("device-12");
        var screen = new VirtualTerminal(columns, 50, TextWidth.Of).Feed(terminal.Shown);
        Fits(screen, columns);

        var before = terminal.Shown.Length;
        terminal.Resize(then);
        await Harness.Eventually.HoldsAsync(() => terminal.Shown[before..].Contains("device-12", StringComparison.Ordinal), "it is drawn anew");
        Fits(screen.Resize(then, 50).Feed(terminal.Shown[before..]), then);

        terminal.Type(PseudoTerminal.CtrlC);
        (await terminal.EndAsync()).ShouldBe(130);
        new VirtualTerminal(then, 50, TextWidth.Of).Feed(terminal.Shown).ShowsCursor.ShouldBeTrue();
    }

    [Fact]
    public async Task Watch_WhoseTerminalIsClosed_Ends()
    {
        await using var terminal = await WatchAsync(80);
        await terminal.ShowsAsync("device-12");
        await terminal.CloseAsync();
        (await terminal.EndAsync()).ShouldBe(130);
    }

    private static void Fits(VirtualTerminal screen, int columns)
    {
        screen.HasBroken.ShouldBeFalse(screen.Text);
        screen.IsSecond.ShouldBeTrue();
        var lines = screen.Text.Split('\n');
        lines.ShouldAllBe(line => TextWidth.Of(line) <= columns);
        lines[0].ShouldStartWith("NAME");
        lines.Count(line => line.StartsWith("device-", StringComparison.Ordinal)).ShouldBe(12);
    }

    private static string Devices(int count)
    {
        var items = Enumerable.Range(1, count).Select(number => $$$"""{"metadata":{"name":"device-{{{number}}}","resourceVersion":"5","labels":{"site":"a-site-with-a-long-name-{{{number}}}","group":"one-of-many-groups"}},"spec":{}}""");
        return $$$"""{"metadata":{"resourceVersion":"5"},"items":[{{{string.Join(',', items)}}}]}""";
    }

    private Task<PseudoTerminal> WatchAsync(int columns) =>
        PseudoTerminal.StartAsync(columns, Program, "get", "devices", "-w", "--server", server.Address, "--token-file", files.Write("token", ScriptedServer.Token));
}
