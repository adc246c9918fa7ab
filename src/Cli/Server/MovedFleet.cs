using System.Text.Json;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Deploy.Stacks;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Cli.Server;

/// <summary>
/// The fleet of a data folder that was moved as a whole while it runs, or is named by another path than it was started by. The moved one's operator goes on, and what its store held is there as long as it does: a backup of it is what helps then.
/// </summary>
/// <param name="host">The program's surroundings.</param>
/// <param name="folder">The folder where it is now, with the lock that the fleet holds in it.</param>
internal sealed class MovedFleet(CliHost host, string folder)
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>How its operator is reached; null where nobody knows that, or it does not answer.</summary>
    public async Task<StackFile?> AskAsync(CancellationToken cancellationToken)
    {
        // Only what this user's own folder says is believed.
        if (new StackMark(folder).Owner() is not StackOwner.Fleet
            || await ValueAsync(StackPaths.State, "folder", cancellationToken) is not { } before
            || await ValueAsync(StackPaths.Endpoint, "server", cancellationToken) is not { } server
            || await ValueAsync(StackPaths.Endpoint, "tokenFile", cancellationToken) is not { } token
            || !token.StartsWith(before + "/", StringComparison.Ordinal))
        {
            return null;
        }

        var moved = new StackFile { Server = server, TokenFile = Path.Combine(folder, Path.GetRelativePath(before, token)) };
        var endpoint = await ServerLocator.EndpointAsync(server, moved.TokenFile, cancellationToken);
        if (!endpoint.IsOk)
        {
            return null;
        }

        using var connection = ApiConnection.To(endpoint.Value, host, verbose: false);
        if (!(await connection.SendAsync(HttpMethod.Get, ApiPaths.Health, null, cancellationToken)).IsOk)
        {
            return null;
        }

        if (IsOneFolder(before, folder))
        {
            return moved; // Two paths of one folder, of which one may be mounted at the other.
        }

        host.Console.Say($"{folder} was {before} when its fleet was started, which goes on and stores nothing more: move it back, or make a backup now.");
        return moved;
    }

    private static bool IsOneFolder(string one, string other)
    {
        try
        {
            return FileIdentity.At(one) is { } found && FileIdentity.At(other) == found;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private async Task<string?> ValueAsync(string file, string name, CancellationToken cancellationToken)
    {
        var bytes = await CappedFile.ReadAsync(Path.Combine(folder, file), MaxBytes, cancellationToken);
        try
        {
            return bytes.IsOk && JsonElement.Parse(bytes.Value) is { ValueKind: JsonValueKind.Object } said && said.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
