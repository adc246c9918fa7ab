using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Server;

/// <summary>Says once that the connection to <paramref name="server"/> is lost, and once that it is back: lines that were written stay.</summary>
internal sealed class LossTeller(CliConsole console, string server)
{
    private bool isLost;

    /// <summary>Says how it stands, where that is new: null is well.</summary>
    public void Tell(Fault? lost)
    {
        if (isLost != lost is not null)
        {
            console.Say(lost is null ? $"connected to {server} again" : $"{lost.What}; trying again");
        }

        isLost = lost is not null;
    }
}
