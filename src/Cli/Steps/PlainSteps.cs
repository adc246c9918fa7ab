using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Layout;
using Harmony.Fleet.Deploy.Scores;

namespace Harmony.Fleet.Cli.Steps;

/// <summary>Steps as lines of text: for logs and pipes.</summary>
internal sealed class PlainSteps(CliConsole console, TimeProvider time) : IStepScreen, IProgress<DeployNews>
{
    private readonly Lock gate = new();
    private readonly StepBoard board = new(time);

    /// <inheritdoc/>
    public async Task<T> ShowAsync<T>(Func<IProgress<DeployNews>, Task<T>> work)
    {
        var isStopped = true;
        try
        {
            var done = await work(this);
            isStopped = false;
            return done;
        }
        finally
        {
            lock (gate)
            {
                board.Close(isStopped).ToList().ForEach(Say);
            }
        }
    }

    /// <inheritdoc/>
    public void Report(DeployNews value)
    {
        lock (gate)
        {
            switch (value.Kind)
            {
                case DeployNewsKind.Note:
                    Say(value.Text);
                    break;
                case DeployNewsKind.Begun:
                    board.Take(value);
                    Say(value.Text.Length > 0 ? $"{value.Part}: {value.Text} ..." : $"{value.Part} ...");
                    break;
                default:
                    Say(board.Take(value) ?? new StepLine(value.Part, StepState.Done, TimeSpan.Zero, value.Kind == DeployNewsKind.Failed ? StepBoard.FailedWord : value.Text));
                    break;
            }
        }
    }

    private void Say(StepLine step) => Say($"{step.Title}: {(step.Detail.Length > 0 ? step.Detail : "done")} ({Elapsed.Text(step.Elapsed)})");

    /// <summary>A terminal that was closed must not keep anything from being cleared up.</summary>
    private void Say(string line)
    {
        try
        {
            console.Say(line);
        }
        catch (IOException)
        {
            // Nobody reads any more.
        }
    }
}
