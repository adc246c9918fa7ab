using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Deploy.Scores;

namespace Harmony.Fleet.Cli.Steps;

/// <summary>Shows how work goes on, step by step, on stderr.</summary>
internal interface IStepScreen
{
    /// <summary>Does <paramref name="work"/>, which tells of its steps.</summary>
    Task<T> ShowAsync<T>(Func<IProgress<DeployNews>, Task<T>> work);
}

/// <summary>Chooses how steps are shown.</summary>
internal static class StepScreens
{
    /// <summary>Live where stderr is a terminal, else in plain lines.</summary>
    public static IStepScreen For(CliHost host) =>
        host.Console.IsErrorTerminal ? new LiveSteps(host.Console, host.Time) : new PlainSteps(host.Console, host.Time);
}

/// <summary>News of something that outlives the screen that shows its steps.</summary>
internal sealed class SwitchableNews(IProgress<DeployNews> usual) : IProgress<DeployNews>
{
    private IProgress<DeployNews>? screen;

    /// <summary>These news, which go to <paramref name="shown"/> from now on.</summary>
    public SwitchableNews While(IProgress<DeployNews> shown)
    {
        Volatile.Write(ref screen, shown);
        return this;
    }

    /// <summary>The screen is closed: they go where they usually do.</summary>
    public void Settle() => Volatile.Write(ref screen, null);

    /// <inheritdoc/>
    public void Report(DeployNews value) => (Volatile.Read(ref screen) ?? usual).Report(value);
}
