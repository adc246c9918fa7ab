using System.Text.Json;
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

    private const int MaxFileBytes = 16 * 1024;

    /// <summary>The operator that <paramref name="chosen"/> and the environment mean. A flag always wins over a variable.</summary>
    public Outcome<ServerEndpoint> Locate(ServerChoice chosen)
    {
        var server = Set(chosen.Server) ?? (chosen.Data is null ? Set(host.Environment(ServerVariable)) : null);
        var tokenFile = Set(chosen.TokenFile) ?? (chosen.Data is null ? Set(host.Environment(TokenFileVariable)) : null);
        if (server is not null && tokenFile is null)
        {
            return Fault.Invalid($"no token is known for {server}", $"name its file with --token-file or {TokenFileVariable}");
        }

        if (server is null)
        {
            var stack = ReadStack(chosen.Data);
            if (!stack.IsOk)
            {
                return stack.Fault;
            }

            server = stack.Value.Server!;
            tokenFile ??= stack.Value.TokenFile!;
        }

        return Endpoint(server, host.FullPath(tokenFile!));
    }

    private Fault NothingRuns(string folder, string? data) => Fault.Unreachable($"no fleet runs from {folder}", $"start one with {Up(data)}, or name one with --server");

    private string Up(string? data) => $"{host.Program} up{(data is null ? string.Empty : $" --data {ShellText.Quote(data)}")}";

    private static string? Set(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static Outcome<ServerEndpoint> Endpoint(string server, string tokenFile)
    {
        var address = ServerAddress.Parse(server);
        if (!address.IsOk)
        {
            return address.Fault;
        }

        var token = Token(tokenFile);
        return token.IsOk ? new ServerEndpoint(address.Value, token.Value) : token.Fault;
    }

    private static Outcome<string> Token(string path)
    {
        var bytes = CappedFile.Read(path, MaxFileBytes);
        if (!bytes.IsOk)
        {
            return new Fault(FaultKind.NotAllowed, $"the token cannot be read: {bytes.Fault.What}", "name another file with --token-file");
        }

        var token = System.Text.Encoding.UTF8.GetString(bytes.Value).Trim();
        return token.Length > 0 && !token.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? token
            : new Fault(FaultKind.NotAllowed, $"{path} holds no token", "it should hold one line of printable characters");
    }

    private Outcome<StackFile> ReadStack(string? data)
    {
        var folder = DataFolder.Locate(host, data);
        if (!folder.IsOk)
        {
            return folder.Fault;
        }

        // A folder of somebody else's could name any server, and any file for the token that is shown to it.
        var owner = new StackMark(folder.Value).Owner();
        if (owner is not StackOwner.Fleet)
        {
            return (owner as StackOwner.Unclear)?.Why ?? NothingRuns(folder.Value, data);
        }

        // What a stack that crashed left behind names a port that anybody may listen on by now.
        var path = Path.Combine(folder.Value, StackPaths.Endpoint);
        if (!File.Exists(path) || !Runs(Path.Combine(folder.Value, StackPaths.State)))
        {
            return NothingRuns(folder.Value, data);
        }

        var bytes = CappedFile.Read(path, MaxFileBytes);
        return bytes.IsOk ? Parse(path, bytes.Value, data) : bytes.Fault;
    }

    private static bool Runs(string path)
    {
        var bytes = CappedFile.Read(path, MaxFileBytes);
        try
        {
            return bytes.IsOk && JsonSerializer.Deserialize(bytes.Value, LocalJson.Default.StackState) is { Supervisor.IsAlive: true };
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private Outcome<StackFile> Parse(string path, byte[] bytes, string? data)
    {
        try
        {
            if (JsonSerializer.Deserialize(bytes, LocalJson.Default.StackFile) is { Server.Length: > 0, TokenFile.Length: > 0 } stack)
            {
                return stack;
            }
        }
        catch (JsonException)
        {
            // Said below: what is not JSON names no server either.
        }

        return Fault.Permanent($"{path} does not say where the fleet is", $"start it again with {Up(data)}");
    }
}
