using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Json;

namespace Harmony.Fleet.Cli.Recovering;

/// <summary>Tells whoever starts a fleet that its store lost something: the fleet is up nevertheless.</summary>
internal static class LossNote
{
    /// <summary>Says so, in one line; nothing where nothing was lost, or where that cannot be told.</summary>
    /// <param name="host">The program.</param>
    /// <param name="dataFolder">The fleet's.</param>
    /// <param name="flags">What a command line needs to find the fleet.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task SayAsync(CliHost host, string dataFolder, string flags, CancellationToken cancellationToken)
    {
        var endpoint = await new ServerLocator(host).LocateAsync(new ServerChoice(null, null, dataFolder), cancellationToken);
        if (!endpoint.IsOk)
        {
            return;
        }

        using var client = new FleetClient(ApiConnection.To(endpoint.Value, host, verbose: false), host);
        var lost = client.Parse(ContractsJson.Api.LostDeployments, await client.LostAsync(cancellationToken));
        if (lost.IsOk && (lost.Value.LostWrites is not null || !lost.Value.Items.IsEmpty))
        {
            var what = lost.Value.Items.IsEmpty ? "acknowledged writes" : "deployments that devices run";
            host.Console.Say($"The store has lost {what}, of which nothing is touched: {host.Line("recover", flags)} shows what can be done.");
        }
    }
}
