using System.CommandLine;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Options;

/// <summary>Runs what needs an operator: finds it, opens the client, closes it whatever happens.</summary>
internal sealed class ServerSession(CliHost host, GlobalOptions global)
{
    /// <summary>A client of the operator that the command line means.</summary>
    public Outcome<FleetClient> Open(ParseResult parsed)
    {
        var endpoint = new ServerLocator(host).Locate(global.Stack(parsed));
        return endpoint.IsOk ? new FleetClient(ApiConnection.To(endpoint.Value, host, global.Verbose(parsed))) : endpoint.Fault;
    }

    /// <summary>Does <paramref name="work"/> with such a client.</summary>
    /// <returns>Its exit code, or that of finding no operator.</returns>
    public async Task<int> RunAsync(ParseResult parsed, Func<FleetClient, Task<int>> work)
    {
        var client = Open(parsed);
        if (!client.IsOk)
        {
            return host.Fail(client.Fault);
        }

        using var open = client.Value;
        return await work(open);
    }
}
