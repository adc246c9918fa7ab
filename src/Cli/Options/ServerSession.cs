using System.CommandLine;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Options;

/// <summary>Runs what needs an operator: finds it, opens the client, closes it whatever happens.</summary>
/// <param name="host">The program's surroundings.</param>
/// <param name="global">The options that name an operator.</param>
/// <param name="cancellationToken">Ends the search for it, for a file that is read there may be a pipe.</param>
internal sealed class ServerSession(CliHost host, GlobalOptions global, CancellationToken cancellationToken)
{
    /// <summary>A client of the operator that the command line means.</summary>
    public async Task<Outcome<FleetClient>> OpenAsync(ParseResult parsed)
    {
        var endpoint = await new ServerLocator(host).LocateAsync(global.Stack(parsed), cancellationToken);
        return endpoint.IsOk ? Open(parsed, endpoint.Value) : endpoint.Fault;
    }

    /// <summary>Does <paramref name="work"/> with a client of the operator that runs from <paramref name="folder"/>, and of no other.</summary>
    /// <returns>Its exit code, or that of finding no operator there.</returns>
    public async Task<int> RunAtAsync(string folder, ParseResult parsed, Func<FleetClient, Task<int>> work)
    {
        var endpoint = await new ServerLocator(host).OfFolderAsync(folder, cancellationToken);
        if (!endpoint.IsOk)
        {
            return host.Fail(endpoint.Fault);
        }

        using var client = Open(parsed, endpoint.Value);
        return await work(client);
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

    private FleetClient Open(ParseResult parsed, ServerEndpoint endpoint) => new(ApiConnection.To(endpoint, host, global.Verbose(parsed)), host);
}
