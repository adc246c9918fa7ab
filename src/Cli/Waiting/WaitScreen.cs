using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Steps;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Scores;

namespace Harmony.Fleet.Cli.Waiting;

/// <summary>Shows how a wait goes on: as a step on a terminal; elsewhere as a line for each state, so that a log of a pipeline stays short.</summary>
internal sealed class WaitScreen(CliHost host)
{
    /// <summary>Waits by <paramref name="wait"/>, which tells of each state once.</summary>
    /// <param name="kind">What it is that is waited for, in a word.</param>
    /// <param name="subject">Its name.</param>
    /// <param name="end">What it is then.</param>
    /// <param name="wait">The wait.</param>
    public Task<Outcome<T>> ShowAsync<T>(string kind, string subject, string end, Func<Action<string>, Task<Outcome<T>>> wait) => host.Console.IsErrorTerminal
        ? StepScreens.For(host).ShowAsync(news => StepAsync(subject, end, wait, news))
        : wait(text => host.Console.Say($"Waiting for {kind} {subject}: {text}."));

    private static async Task<Outcome<T>> StepAsync<T>(string subject, string end, Func<Action<string>, Task<Outcome<T>>> wait, IProgress<DeployNews> news)
    {
        news.Report(DeployNews.Begun(subject));
        var waited = await wait(text => news.Report(DeployNews.Begun(subject) with { Text = text }));
        news.Report(waited.IsOk ? DeployNews.Done(subject, end) : DeployNews.Failed(subject, waited.Fault.What));
        return waited;
    }
}
