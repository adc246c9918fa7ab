using System.Collections.Concurrent;
using Harmony.Fleet.Cli.Consoles;
using Harmony.Fleet.Deploy.Outcomes;
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
