using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Scores;

namespace Harmony.Fleet.Cli.Demo;

/// <summary>Shows each step of a demo, and stops at the first that fails.</summary>
internal sealed class DemoSteps(IProgress<DeployNews> news)
{
    /// <summary>Why a step failed; null as long as none has.</summary>
    public Fault? Fault { get; private set; }

    /// <summary>Does one step, unless one failed before.</summary>
    /// <param name="title">What it does.</param>
    /// <param name="work">Does it.</param>
    /// <param name="describe">What came of it.</param>
    public async Task<T?> DoAsync<T>(string title, Func<Task<Outcome<T>>> work, Func<T, string> describe)
    {
        if (Fault is not null)
        {
            return default;
        }

        news.Report(DeployNews.Begun(title));
        var outcome = await work();
        if (!outcome.IsOk)
        {
            Fault = outcome.Fault;
            news.Report(DeployNews.Failed(title, outcome.Fault.What));
            return default;
        }

        news.Report(DeployNews.Done(title, describe(outcome.Value!)));
        return outcome.Value;
    }

    /// <summary>Tells something at once, in the middle of a step.</summary>
    public void Note(string text) => news.Report(DeployNews.Note(text));

    /// <summary>Claims something, unless a step failed before.</summary>
    public void Expect(bool holds, string otherwise)
    {
        if (Fault is null && !holds)
        {
            Fault = Fault.Permanent(otherwise);
        }
    }
}
