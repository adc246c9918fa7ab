using System.CommandLine;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Options;

/// <summary>Runs what needs an operator: finds it, opens the client, closes it whatever happens.</summary>
internal sealed class ServerSession(CliHost host, GlobalOptions global)
{
    /// <summary>A client of the operator that the command line means.</summary>
    public async Task<Outcome<FleetClient>> OpenAsync(ParseResult parsed)
    {
        // Only small files of this machine are read: there is nothing to cancel half-way.
        var endpoint = await new ServerLocator(host).LocateAsync(global.Stack(parsed), CancellationToken.None);
        return endpoint.IsOk ? new FleetClient(ApiConnection.To(endpoint.Value, host, global.Verbose(parsed))) : endpoint.Fault;
    }

    /// <summary>Does <paramref name="work"/> with such a client.</summary>
    /// <returns>Its exit code, or that of finding no operator.</returns>
    public async Task<int> RunAsync(ParseResult parsed, Func<FleetClient, Task<int>> work)
    {
        var client = await OpenAsync(parsed);
        if (!client.IsOk)
        {
            return host.Fail(client.Fault);
        }

        using var open = client.Value;
        return await work(open);
    }
}
