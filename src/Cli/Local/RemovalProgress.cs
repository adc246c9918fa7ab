using Harmony.Fleet.Cli.Hosting;

namespace Harmony.Fleet.Cli.Local;

/// <summary>Shows how many devices are still to be removed, where that takes a while.</summary>
internal sealed class RemovalProgress(CliHost host) : IProgress<int>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly PassingLines lines = new(host);
    private readonly long began = host.Time.GetTimestamp();

    /// <inheritdoc/>
    public void Report(int value)
    {
        if (host.Time.GetElapsedTime(began) > Patience)
        {
            lines.Show(_ => value == 0 ? "Removing the rest ..." : $"Removing devices, {value} left ...");
        }
    }

    /// <summary>They are removed, or not.</summary>
    public void Clear() => lines.Clear();
}
