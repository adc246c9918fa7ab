using System.Collections.Concurrent;
using System.Globalization;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Deploy.Scores;

namespace Harmony.Fleet.Cli.Steps;

/// <summary>Steps as lines of text: for logs and pipes.</summary>
internal sealed class PlainSteps(CliConsole console, TimeProvider time) : IStepScreen, IProgress<DeployNews>
{
    private readonly ConcurrentDictionary<string, long> begun = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<T> ShowAsync<T>(Func<IProgress<DeployNews>, Task<T>> work) => work(this);

    /// <inheritdoc/>
    public void Report(DeployNews value)
    {
        switch (value.Kind)
        {
            case DeployNewsKind.Begun:
                begun[value.Part] = time.GetTimestamp();
                Say($"{value.Part} ...");
                break;
            case DeployNewsKind.Done:
                Say($"{value.Part}: {(value.Text.Length > 0 ? value.Text : "done")}{Took(value.Part)}");
                break;
            case DeployNewsKind.Failed:
                Say($"{value.Part}: failed{Took(value.Part)}");
                break;
            default:
                Say(value.Text);
                break;
        }
    }

    private string Took(string part) =>
        begun.TryRemove(part, out var since) ? string.Create(CultureInfo.InvariantCulture, $" ({time.GetElapsedTime(since).TotalSeconds:0.0} s)") : string.Empty;

    /// <summary>A terminal that was closed must not keep anything from being cleared up.</summary>
    private void Say(string line)
    {
        try
        {
            console.Say(Printable.Line(line));
        }
        catch (IOException)
        {
            // Nobody reads any more.
        }
    }
}
