namespace Harmony.Fleet.Cli.Steps;

/// <summary>Chooses how steps are shown.</summary>
internal static class StepScreens
{
    /// <summary>Live where stderr is a terminal, else in plain lines.</summary>
    public static IStepScreen For(CliHost host) =>
        host.Console.IsErrorTerminal ? new LiveSteps(host.Console) : new PlainSteps(host.Console, host.Time);
}
