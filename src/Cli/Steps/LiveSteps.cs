using System.Collections.Concurrent;
using System.Text;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Deploy.Scores;
using Spectre.Console;

namespace Harmony.Fleet.Cli.Steps;

/// <summary>Steps with spinners and clocks: for terminals.</summary>
internal sealed class LiveSteps(CliConsole console) : IStepScreen
{
    /// <inheritdoc/>
    public async Task<T> ShowAsync<T>(Func<IProgress<DeployNews>, Task<T>> work)
    {
        var screen = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new ErrorOutput(console),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = console.AllowsColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        });
        return await screen.Progress()
            .AutoRefresh(true)
            .Columns(new SpinnerColumn { CompletedText = "[green]✓[/]" }, new TaskDescriptionColumn { Alignment = Justify.Left }, new ElapsedTimeColumn())
            .StartAsync(async context => await work(new Board(context, screen)));
    }

    private sealed class Board(ProgressContext context, IAnsiConsole screen) : IProgress<DeployNews>
    {
        private readonly ConcurrentDictionary<string, ProgressTask> tasks = new(StringComparer.Ordinal);

        public void Report(DeployNews value)
        {
            switch (value.Kind)
            {
                case DeployNewsKind.Begun:
                    tasks[value.Part] = context.AddTask(Markup.Escape(value.Part)).IsIndeterminate();
                    break;
                case DeployNewsKind.Done when tasks.TryRemove(value.Part, out var task):
                    End(task, $"{Markup.Escape(value.Part)} [dim]{Markup.Escape(Printable.Line(value.Text))}[/]");
                    break;
                case DeployNewsKind.Failed when tasks.TryRemove(value.Part, out var task):
                    End(task, $"{Markup.Escape(value.Part)} [red]failed[/]");
                    break;
                default:
                    screen.MarkupLineInterpolated($"[dim]{Printable.Line(value.Text)}[/]");
                    break;
            }
        }

        private static void End(ProgressTask task, string description)
        {
            task.Description = description;
            task.IsIndeterminate(false).Value(task.MaxValue);
            task.StopTask();
        }
    }
}

/// <summary>The console's stderr, as Spectre.Console writes to it.</summary>
internal sealed class ErrorOutput(CliConsole console) : IAnsiConsoleOutput
{
    private const int UsualWidth = 100;

    private const int UsualHeight = 40;

    /// <inheritdoc/>
    public TextWriter Writer => console.Error;

    /// <inheritdoc/>
    public bool IsTerminal => console.IsErrorTerminal;

    /// <inheritdoc/>
    public int Width => console.Width() is > 0 and var width ? width : UsualWidth;

    /// <inheritdoc/>
    public int Height => console.Height() is > 0 and var height ? height : UsualHeight;

    /// <inheritdoc/>
    public void SetEncoding(Encoding encoding)
    {
        // The writer has its own.
    }
}
