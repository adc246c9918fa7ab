using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Local;
using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Server;

/// <summary>Finds the operator: flags, then the environment, then the stack that runs from the data folder.</summary>
internal sealed class ServerLocator(CliHost host)
{
    /// <summary>The variable that names the server.</summary>
    public const string ServerVariable = "HARMONY_FLEET_SERVER";

    /// <summary>The variable that names the file with its token.</summary>
    public const string TokenFileVariable = "HARMONY_FLEET_TOKEN_FILE";

    private const int MaxTokenBytes = 16 * 1024;

    /// <summary>The operator that <paramref name="chosen"/> and the environment mean. A flag always wins over a variable.</summary>
    public async Task<Outcome<ServerEndpoint>> LocateAsync(ServerChoice chosen, CancellationToken cancellationToken)
    {
        var server = Set(chosen.Server) ?? (chosen.Data is null ? Set(host.Environment(ServerVariable)) : null);
        var tokenFile = Set(chosen.TokenFile) ?? (chosen.Data is null ? Set(host.Environment(TokenFileVariable)) : null);
        if (server is not null && ServerAddress.Parse(server) is { IsOk: false } wrong)
        {
            return wrong.Fault;
        }

        if (server is not null && tokenFile is null)
        {
            return new Fault(FaultKind.NotAllowed, $"no token is known for {server}", $"name its file with --token-file or {TokenFileVariable}");
        }

        var isNamed = server is not null;
        if (server is null)
        {
            var folder = DataFolder.Locate(host, chosen.Data);
            var stack = folder.IsOk ? await StackAsync(folder.Value, $"{Up(chosen.Data)}, or name one with --server", cancellationToken) : folder.Fault;
            if (!stack.IsOk)
            {
                return stack.Fault;
            }

            server = stack.Value.Server!;
            tokenFile ??= stack.Value.TokenFile!;
        }

        var endpoint = await EndpointAsync(server, host.FullPath(tokenFile!), cancellationToken);
        return endpoint.IsOk && !isNamed ? endpoint.Value with { StatusLine = Line("status", chosen.Data) } : endpoint;
    }

    /// <summary>The operator of the stack that runs from <paramref name="folder"/>, whatever the environment means.</summary>
    public async Task<Outcome<ServerEndpoint>> OfFolderAsync(string folder, CancellationToken cancellationToken)
    {
        var stack = await StackAsync(folder, host.Line("up"), cancellationToken);
        return stack.IsOk ? await EndpointAsync(stack.Value.Server!, host.FullPath(stack.Value.TokenFile!), cancellationToken) : stack.Fault;
    }

    private string Up(string? data) => Line("up", data);

    private string Line(string command, string? data) => host.Line(command, data is null ? string.Empty : $" --data {ShellText.Quote(data)}");

    private static string? Set(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <summary>The operator at <paramref name="server"/>, with the token in a file.</summary>
    public static async Task<Outcome<ServerEndpoint>> EndpointAsync(string server, string tokenFile, CancellationToken cancellationToken)
    {
        var address = ServerAddress.Parse(server);
        if (!address.IsOk)
        {
            return address.Fault;
        }

        var token = await TokenAsync(tokenFile, cancellationToken);
        return token.IsOk ? new ServerEndpoint(address.Value, token.Value) : token.Fault;
    }

    private static async Task<Outcome<string>> TokenAsync(string path, CancellationToken cancellationToken)
    {
        var bytes = await CappedFile.ReadAsync(path, MaxTokenBytes, cancellationToken);
        if (!bytes.IsOk)
        {
            return new Fault(FaultKind.NotAllowed, $"the token cannot be read: {bytes.Fault.What}", "name another file with --token-file");
        }

        var token = System.Text.Encoding.UTF8.GetString(bytes.Value).Trim();
        return token.Length > 0 && !token.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? token
            : new Fault(FaultKind.NotAllowed, $"{path} holds no token", "it should hold one line of printable characters");
    }

    private async Task<Outcome<StackFile>> StackAsync(string folder, string up, CancellationToken cancellationToken)
    {
        // What a stack that crashed left behind names a port that anybody may listen on by now.
        var control = new StackControl(folder, host.Time);
        var state = await control.StateAsync(cancellationToken);
        if (!state.IsOk)
        {
            return state.Fault.Kind == FaultKind.Conflict && await new MovedFleet(host, folder).AskAsync(cancellationToken) is { } moved ? moved : state.Fault;
        }

        var path = Path.Combine(folder, StackPaths.Endpoint);
        if (state.Value is null || !File.Exists(path))
        {
            return RunningFleet.None(folder, up);
        }

        var endpoint = await control.EndpointAsync(cancellationToken);
        return endpoint is { IsOk: true, Value: { Server.Length: > 0, TokenFile.Length: > 0 } stack }
            ? stack
            : Fault.Permanent($"{path} does not say where the fleet is", $"start it again with {host.Line("up")}");
    }
}
