using Harmony.Fleet.Deploy.Scores;

namespace Harmony.Fleet.Cli.Steps;

/// <summary>The steps that are being done, in the order in which they began.</summary>
internal sealed class StepBoard(TimeProvider time)
{
    /// <summary>What is said of a step that failed: why is told by the error at the end.</summary>
    public const string FailedWord = "failed";

    private readonly List<(string Title, long Since, string Detail)> running = [];

    /// <summary>Those that are being done.</summary>
    public IEnumerable<StepLine> Running => running.Select(step => new StepLine(step.Title, StepState.Running, time.GetElapsedTime(step.Since), step.Detail));

    /// <summary>Takes news of a step.</summary>
    /// <returns>The step, where it is over by them.</returns>
    public StepLine? Take(DeployNews news)
    {
        var index = running.FindIndex(step => string.Equals(step.Title, news.Part, StringComparison.Ordinal));
        switch (news.Kind)
        {
            case DeployNewsKind.Begun when index < 0:
                running.Add((news.Part, time.GetTimestamp(), news.Text));
                return null;
            case DeployNewsKind.Begun:
                running[index] = running[index] with { Detail = news.Text };
                return null;
            case DeployNewsKind.Done when index >= 0:
                return End(index, StepState.Done, news.Text);
            case DeployNewsKind.Failed when index >= 0:
                return End(index, StepState.Failed, FailedWord);
            default:
                return null;
        }
    }

    /// <summary>No more news come: what is not done by now never will be.</summary>
    /// <param name="isStopped">Whether that is so because somebody ended it.</param>
    public IReadOnlyList<StepLine> Close(bool isStopped)
    {
        var left = new List<StepLine>();
        while (running.Count > 0)
        {
            left.Add(isStopped ? End(0, StepState.Stopped, "stopped") : End(0, StepState.Failed, FailedWord));
        }

        return left;
    }

    private StepLine End(int index, StepState state, string detail)
    {
        var step = running[index];
        running.RemoveAt(index);
        return new StepLine(step.Title, state, time.GetElapsedTime(step.Since), detail);
    }
}
