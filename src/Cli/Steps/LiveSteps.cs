using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Screens;
using Harmony.Fleet.Deploy.Scores;

namespace Harmony.Fleet.Cli.Steps;

/// <summary>Steps for terminals: those that are over stay as lines, those that are being done are drawn anew with their time.</summary>
internal sealed class LiveSteps(CliConsole console, TimeProvider time) : IStepScreen, IProgress<DeployNews>
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly Lock gate = new();
    private readonly StepBoard board = new(time);
    private readonly LiveLines lines = new(console);
    private readonly long begin = time.GetTimestamp();
    private bool isOver;

    /// <inheritdoc/>
    public async Task<T> ShowAsync<T>(Func<IProgress<DeployNews>, Task<T>> work)
    {
        using var over = new CancellationTokenSource();
        using var resized = console.WhenResized(() => Show([]));
        var clock = ClockAsync(over.Token);
        var isStopped = true;
        try
        {
            var done = await work(this);
            isStopped = false;
            return done;
        }
        finally
        {
            await over.CancelAsync();
            await clock;
            Close(isStopped);
        }
    }

    /// <inheritdoc/>
    public void Report(DeployNews value)
    {
        lock (gate)
        {
            var layout = new StepLines(console, lines.Width);
            Show(value.Kind == DeployNewsKind.Note ? layout.Note(value.Text) : board.Take(value) is { } step ? layout.Of(step) : []);
        }
    }

    private async Task ClockAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await Task.Delay(Tick, time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (gate)
            {
                if (board.Running.Any())
                {
                    Show([]);
                }
            }
        }
    }

    private void Show(IReadOnlyList<string> lasting)
    {
        lock (gate)
        {
            if (!isOver)
            {
                var layout = new StepLines(console, lines.Width);
                var clock = time.GetElapsedTime(begin);
                Write(() => lines.Draw(lasting, [.. board.Running.Select(step => layout.Live(step, clock))]));
            }
        }
    }

    private void Close(bool isStopped)
    {
        lock (gate)
        {
            isOver = true;
            var layout = new StepLines(console, lines.Width);
            Write(() => lines.End([.. board.Close(isStopped).SelectMany(layout.Of)]));
        }
    }

    /// <summary>A terminal that was closed must not keep anything from being cleared up.</summary>
    private static void Write(Action draw)
    {
        try
        {
            draw();
        }
        catch (IOException)
        {
            // Nobody looks any more.
        }
    }
}
