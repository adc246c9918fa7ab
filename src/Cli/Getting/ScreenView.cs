using System.Threading.Channels;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Layout;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Screens;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Contracts.Texts;

namespace Harmony.Fleet.Cli.Getting;

/// <summary>The table on the whole terminal. It is drawn when something changed, when the terminal has another size, and each second for the ages in it.</summary>
internal sealed class ScreenView<T> : IWatchView<T>
    where T : class, IResource
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(50);

    private readonly CliHost host;
    private readonly ResourceKind<T> kind;
    private readonly GetRequest request;
    private readonly HeartbeatFeed heartbeats;
    private readonly FullScreen screen;
    private readonly Registrations signals;
    private readonly CancellationTokenSource over = new();
    private readonly CancellationTokenSource gone = new();
    private readonly Channel<bool> wishes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Task drawing;
    private WatchedState<T>? state;

    public ScreenView(CliHost host, ResourceKind<T> kind, GetRequest request, HeartbeatFeed heartbeats)
    {
        (this.host, this.kind, this.request, this.heartbeats) = (host, kind, request, heartbeats);
        screen = new FullScreen(host.Console);
        signals = new Registrations(host.Console.WhenResized(() => wishes.Writer.TryWrite(true)), host.Console.WhenStopped(screen.Leave));
        drawing = Task.WhenAll(DrawAsync(), TickAsync());
    }

    /// <inheritdoc/>
    public CancellationToken Gone => gone.Token;

    /// <inheritdoc/>
    public void Show(WatchedState<T> state)
    {
        Volatile.Write(ref this.state, state);
        wishes.Writer.TryWrite(true);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        signals.Dispose();
        await over.CancelAsync();
        await drawing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!gone.IsCancellationRequested)
        {
            screen.Dispose();
        }
    }

    private async Task DrawAsync()
    {
        try
        {
            await foreach (var _ in wishes.Reader.ReadAllAsync(over.Token))
            {
                if (Volatile.Read(ref state) is { } known)
                {
                    screen.Draw(Frame(known, host.Console.OutSize()));
                }

                // However fast changes come, nobody sees more than this; the channel keeps the wish for what came meanwhile.
                await Task.Delay(LeastPause, host.Time, over.Token);
            }
        }
        catch (IOException)
        {
            await gone.CancelAsync();
        }
    }

    private async Task TickAsync()
    {
        while (true)
        {
            await Task.Delay(Tick, host.Time, over.Token);
            wishes.Writer.TryWrite(true);
        }
    }

    private List<string> Frame(WatchedState<T> known, TerminalSize size)
    {
        var ellipsis = host.Console.Glyphs.Ellipsis;
        var table = new ResourceTable<T>(kind, request, host.Console).WithRoomForChanges();
        var facts = new TableFacts(host.Time.GetUtcNow(), heartbeats.Newest);
        var lines = table.Lines(known.Resources, facts, size.Columns);
        List<string> below = known.Lost is { } lost ? [$"{Printable.Line(lost.What)}; trying again"] : [];
        var room = size.Rows - below.Count;
        if (lines.Count > room)
        {
            // The line that says so takes the place of one more.
            var shown = Math.Max(1, room - 1);
            below.Insert(0, $"{ellipsis} {lines.Count - shown} more below; enlarge the window, or use -o json");
            lines.RemoveRange(shown, lines.Count - shown);
        }
        else if (known.Resources.IsEmpty)
        {
            below.Insert(0, ResourceGetter<T>.NothingFound(kind, request));
        }

        return [.. lines.Concat(below.Select(line => TextWidth.Cut(line, size.Columns, ellipsis))).Take(Math.Max(1, size.Rows))];
    }
}
