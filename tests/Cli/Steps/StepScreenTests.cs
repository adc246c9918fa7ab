using System.Text.RegularExpressions;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Layout;
using Harmony.Fleet.Cli.Steps;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.Tests.Harness.Terminals;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Cli.Steps;

/// <summary>The steps of a demo, as a terminal shows them.</summary>
public sealed class StepScreenTests : IDisposable
{
    private const string LongPath = "/home/somebody/very/long/folder/of/a/checkout/artifacts/tools/nats-server-2.10.29/usr/sbin/nats-server 2.10.29, podman 4.3.1";

    private readonly FakeTimeProvider time = new();
    private readonly SharedWriter error = new();
    private readonly List<Action> listeners = [];
    private TerminalSize size = new(80, 24);

    public void Dispose() => error.Dispose();

    [Fact]
    public async Task Step_ThatTellsHowFarItIs_TellsItAlsoWithoutATerminal()
    {
        var console = new CliConsole(TextWriter.Null, error, Stream.Null);
        await new PlainSteps(console, time).ShowAsync(news =>
        {
            news.Report(DeployNews.Begun("load"));
            news.Report(new DeployNews(DeployNewsKind.Begun, "load", "5,000 reports"));
            news.Report(DeployNews.Done("load", "1,000 writes/s"));
            return Task.FromResult(0);
        });
        error.ToString().ShouldStartWith("load ...\nload: 5,000 reports ...\nload: 1,000 writes/s (");
    }

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(120)]
    public async Task Steps_OnATerminal_AreTheGoldenScreen(int columns)
    {
        size = new TerminalSize(columns, 24);
        var running = string.Empty;
        await PlayAsync(Console(), () => running = Screen().Text);
        var screen = Screen();
        Golden.ShouldMatch($"steps-{columns}", $"--- while it goes on\n{running}--- at the end\n{screen.Text}");
        screen.HasBroken.ShouldBeFalse();
        screen.ShowsCursor.ShouldBeTrue();
    }

    [Fact]
    public async Task Steps_OfALocaleWithoutUnicode_AreAscii()
    {
        await PlayAsync(Console(Glyphs.Ascii), () => { });
        error.ToString().ShouldAllBe(character => char.IsAscii(character));
        Golden.ShouldMatch("steps-ascii", Screen().Text);
    }

    [Fact]
    public async Task Steps_WithColours_AreGreenAndRed()
    {
        await PlayAsync(Console(color: true), () => { });
        error.ToString().ShouldContain("\e[32m✓\e[0m NATS");
        error.ToString().ShouldContain("\e[31m✗\e[0m wait");
    }

    [Fact]
    public async Task Steps_WithoutColours_SayThatOneFailed()
    {
        await PlayAsync(Console(), () => { });
        error.ToString().ShouldNotContain("\e[3");
        Screen().Text.ShouldContain("✗ wait                        1 min 12 s  failed\n");
    }

    [Fact]
    public async Task Steps_WithoutATerminal_AreLinesWithoutEscapes()
    {
        var console = new CliConsole(TextWriter.Null, error, Stream.Null);
        await PlayAsync(console, () => { });
        Golden.ShouldMatch("steps-plain", error.ToString());
    }

    [Fact]
    public async Task Terminal_ThatBecomesNarrower_KeepsEachStepOnce()
    {
        size = new TerminalSize(100, 24);
        var terminal = new VirtualTerminal(100, 24, TextWidth.Of);
        var taken = 0;
        await PlayAsync(Console(), () =>
        {
            terminal.Feed(error.ToString()[taken..]).Resize(30, 24);
            taken = error.ToString().Length;
            size = new TerminalSize(30, 24);
            listeners.ForEach(listener => listener());
        });
        terminal.Feed(error.ToString()[taken..]);
        foreach (var title in (string[])["NATS", "operator", "device-1", "device-2"])
        {
            Regex.Count(terminal.Text, $@"^✓ {title}\b", RegexOptions.Multiline, TimeSpan.FromSeconds(1)).ShouldBe(1, terminal.Text);
        }

        terminal.Text.ShouldNotContain("⠋");
    }

    [Fact]
    public async Task Steps_ThatSomebodyEnds_AreSaidToBeStopped()
    {
        var steps = StepScreens.For(Host(Console()));
        await Should.ThrowAsync<OperationCanceledException>(() => steps.ShowAsync<int>(news =>
        {
            news.Report(DeployNews.Begun("operator"));
            time.Advance(TimeSpan.FromSeconds(2));
            throw new OperationCanceledException();
        }));
        Screen().Text.ShouldBe("- operator                         2.0 s  stopped\n");
        Screen().ShowsCursor.ShouldBeTrue();
    }

    [Fact]
    public async Task Step_ThatNobodyEnded_FailedAtTheEnd()
    {
        await StepScreens.For(Host(Console())).ShowAsync(news =>
        {
            news.Report(DeployNews.Begun("operator"));
            return Task.FromResult(0);
        });
        Screen().Text.ShouldBe("✗ operator                         0.0 s  failed\n");
    }

    [Fact]
    public async Task Text_OfOthers_MovesNoCursor()
    {
        await StepScreens.For(Host(Console())).ShowAsync(news =>
        {
            news.Report(DeployNews.Begun("a\e[2Jb"));
            news.Report(DeployNews.Note("x\e[H\ny"));
            news.Report(DeployNews.Done("a\e[2Jb", "z\e[A"));
            return Task.FromResult(0);
        });
        Screen().Text.ShouldBe("· x\\u001b[H y\n✓ a\\u001b[2Jb                      0.0 s  z\\u001b[A\n");
    }

    private static CliHost Host(CliConsole console, TimeProvider? time = null) => new(console, _ => null, time ?? TimeProvider.System, "/");

    private VirtualTerminal Screen() => new VirtualTerminal(size.Columns, size.Rows, TextWidth.Of).Feed(error.ToString());

    private CliConsole Console(Glyphs? glyphs = null, bool color = false) => new(TextWriter.Null, error, Stream.Null)
    {
        IsErrorTerminal = true,
        AllowsColor = color,
        ErrorSize = () => size,
        Glyphs = glyphs ?? Glyphs.Unicode,
        WhenResized = action =>
        {
            listeners.Add(action);
            return new Registrations();
        },
    };

    private CliHost Host(CliConsole console) => Host(console, time);

    private async Task PlayAsync(CliConsole console, Action whileItGoesOn) => await StepScreens.For(Host(console)).ShowAsync(news =>
    {
        void Do(string part, double seconds, string detail)
        {
            news.Report(DeployNews.Begun(part));
            time.Advance(TimeSpan.FromSeconds(seconds));
            news.Report(DeployNews.Done(part, detail));
        }

        news.Report(DeployNews.Begun("programs"));
        news.Report(DeployNews.Note("Installing podman conmon runc netavark aardvark-dns iptables busybox-static uidmap slirp4netns ..."));
        time.Advance(TimeSpan.FromSeconds(83));
        news.Report(DeployNews.Done("programs", LongPath));
        Do("NATS", 0.4, "nats://127.0.0.1:41001");
        Do("operator", 3.14, "http://127.0.0.1:41002");
        news.Report(DeployNews.Begun("device-1"));
        news.Report(DeployNews.Begun("device-2"));
        time.Advance(TimeSpan.FromSeconds(2.5));
        whileItGoesOn();
        news.Report(DeployNews.Done("device-2", "reachable"));
        news.Report(DeployNews.Done("device-1", "reachable"));
        Do("hello-web image, version 2 of the demo", 0.2, "localhost/hello-web:2");
        news.Report(DeployNews.Begun("wait"));
        time.Advance(TimeSpan.FromSeconds(72));
        news.Report(DeployNews.Failed("wait", "it did not converge"));
        return Task.FromResult(0);
    });
}
