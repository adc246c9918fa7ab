using System.Diagnostics;

namespace Harmony.Fleet.Cli.Hosting;

/// <summary>A terminal that does not show what is typed, as stty does it.</summary>
internal sealed class HushedTerminal : IDisposable
{
    private HushedTerminal() => Set("-echo");

    /// <summary>From now on nothing is shown.</summary>
    public static IDisposable Begin() => new HushedTerminal();

    /// <inheritdoc/>
    public void Dispose() => Set("echo");

    private static void Set(string word)
    {
        using var stty = Process.Start(new ProcessStartInfo("stty", word) { UseShellExecute = false });
        stty?.WaitForExit();
    }
}
