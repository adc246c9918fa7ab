using System.Text.Json;
using Harmony.Fleet.Cli.Outcomes;
using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Stacks;

/// <summary>Finds the operator: flags, then the environment, then the stack that runs from the data folder.</summary>
internal sealed class StackLocator(CliHost host)
{
    /// <summary>The variable that names the server.</summary>
    public const string ServerVariable = "HARMONY_FLEET_SERVER";

    /// <summary>The variable that names the file with its token.</summary>
    public const string TokenFileVariable = "HARMONY_FLEET_TOKEN_FILE";

    private const int MaxFileBytes = 16 * 1024;

    private static readonly CliError NothingRuns =
        CliError.Unreachable("no fleet runs here", "start one with ./fleet up, or name one with --server");

    /// <summary>The operator that <paramref name="chosen"/> and the environment mean. A flag always wins over a variable.</summary>
    public Outcome<StackEndpoint> Locate(StackChoice chosen)
    {
        var server = Set(chosen.Server) ?? (chosen.Data is null ? Set(host.Environment(ServerVariable)) : null);
        var tokenFile = Set(chosen.TokenFile) ?? (chosen.Data is null ? Set(host.Environment(TokenFileVariable)) : null);
        if (server is not null && tokenFile is null)
        {
            return CliError.Usage($"no token is known for {server}", $"name its file with --token-file or {TokenFileVariable}");
        }

        if (server is null)
        {
            var stack = ReadStack(chosen.Data);
            if (!stack.IsOk)
            {
                return stack.Error;
            }

            server = stack.Value.Server!;
            tokenFile ??= stack.Value.TokenFile!;
        }

        return Endpoint(server, host.FullPath(tokenFile!));
    }

    private static string? Set(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static Outcome<StackEndpoint> Endpoint(string server, string tokenFile)
    {
        var address = ServerAddress.Parse(server);
        if (!address.IsOk)
        {
            return address.Error;
        }

        var token = Token(tokenFile);
        return token.IsOk ? new StackEndpoint(address.Value, token.Value) : token.Error;
    }

    private static Outcome<string> Token(string path)
    {
        var bytes = CappedFile.Read(path, MaxFileBytes);
        if (!bytes.IsOk)
        {
            return new CliError(ExitCode.NotAuthorised, $"the token cannot be read: {bytes.Error.What}", "name another file with --token-file");
        }

        var token = System.Text.Encoding.UTF8.GetString(bytes.Value).Trim();
        return token.Length > 0 && !token.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? token
            : new CliError(ExitCode.NotAuthorised, $"{path} holds no token", "it should hold one line of printable characters");
    }

    private Outcome<StackFile> ReadStack(string? data)
    {
        var folder = DataFolder.Locate(host, data);
        if (!folder.IsOk)
        {
            return folder.Error;
        }

        // What a stack that crashed left behind names a port that anybody may listen on by now.
        var path = Path.Combine(folder.Value, StackPaths.Endpoint);
        if (!File.Exists(path) || !Runs(Path.Combine(folder.Value, StackPaths.State)))
        {
            return NothingRuns;
        }

        var bytes = CappedFile.Read(path, MaxFileBytes);
        return bytes.IsOk ? Parse(path, bytes.Value) : bytes.Error;
    }

    private static bool Runs(string path)
    {
        var bytes = CappedFile.Read(path, MaxFileBytes);
        try
        {
            return bytes.IsOk && JsonSerializer.Deserialize(bytes.Value, StackJson.Default.StackState) is { Supervisor.IsAlive: true };
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Outcome<StackFile> Parse(string path, byte[] bytes)
    {
        try
        {
            if (JsonSerializer.Deserialize(bytes, StackJson.Default.StackFile) is { Server.Length: > 0, TokenFile.Length: > 0 } stack)
            {
                return stack;
            }
        }
        catch (JsonException)
        {
            // Said below: what is not JSON names no server either.
        }

        return CliError.Failed($"{path} does not say where the fleet is", "start it again with ./fleet up");
    }
}
