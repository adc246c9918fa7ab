using System.Collections.Immutable;
using Harmony.Fleet.Cli.Devices;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Logs;

/// <summary>Shows the logs of a deployment: of one device as they are, of several with the device's name before each line.</summary>
internal sealed class LogReader(CliHost host, FleetClient client)
{
    private const int MaxAtOnce = 32;

    private readonly Lock turn = new();

    /// <summary>Shows what <paramref name="request"/> asks for.</summary>
    /// <returns>The exit code: that of the first device that failed.</returns>
    public async Task<int> RunAsync(LogRequest request, CancellationToken cancellationToken)
    {
        var devices = request.Devices.IsEmpty ? await MatchedAsync(request.Query, cancellationToken) : request.Devices;
        if (!devices.IsOk)
        {
            return host.Fail(devices.Fault);
        }

        if (request.Query.Follow && devices.Value.Length > MaxAtOnce)
        {
            return host.Fail(Fault.Invalid($"{devices.Value.Length} devices are too many to follow at once", $"name up to {MaxAtOnce} with --device"));
        }

        var isOne = devices.Value.Length == 1;
        var failures = new int[devices.Value.Length];

        // Followed logs come as they come; others one device after the other, so that each stands in one piece.
        await Parallel.ForAsync(
            0,
            devices.Value.Length,
            new ParallelOptions { MaxDegreeOfParallelism = request.Query.Follow ? MaxAtOnce : 1, CancellationToken = cancellationToken },
            async (index, stop) => failures[index] = await ReadAsync(devices.Value[index], isOne, request.Query, stop));
        return failures.FirstOrDefault(code => code != ExitCode.Done);
    }

    private async Task<Outcome<ImmutableArray<string>>> MatchedAsync(LogQuery query, CancellationToken cancellationToken)
    {
        var deployment = await client.GetAsync(ResourceTypes.Deployments, query.Namespace, query.Deployment, cancellationToken);
        if (!deployment.IsOk)
        {
            return deployment.Fault;
        }

        var matched = await new DevicePicker(client).MatchedAsync(deployment.Value.Resource, cancellationToken);
        if (!matched.IsOk)
        {
            return matched.Fault;
        }

        if (matched.Value.IsEmpty)
        {
            return new Fault(FaultKind.NotFound, $"deployment {query.Namespace}/{query.Deployment} matches no device", $"see the labels with {host.Line("get devices")}");
        }

        var away = matched.Value.Where(device => !DevicePicker.IsReachable(device)).Select(device => device.Metadata.Name).ToImmutableArray();
        if (away.Length == matched.Value.Length)
        {
            return Fault.Unreachable($"no device of deployment {query.Namespace}/{query.Deployment} is reachable ({string.Join(", ", away)})", $"see since when with {host.Line("get devices")}");
        }

        foreach (var device in away)
        {
            host.Console.Say($"{device} is not reachable: its log is left out.");
        }

        return matched.Value.Select(device => device.Metadata.Name).Except(away, StringComparer.Ordinal).ToImmutableArray();
    }

    private async Task<int> ReadAsync(string device, bool isOne, LogQuery query, CancellationToken cancellationToken)
    {
        var source = new LogSource(host, client, device, query);
        var writer = new LogWriter(host.Console, turn, isOne ? null : device);
        var error = query.Follow
            ? await new LogFollower(host, source, writer, new Random(Environment.ProcessId)).RunAsync(cancellationToken)
            : await CopyAsync(source, new LogLines((line, _) => writer.Write(line)), cancellationToken);
        if (error is null)
        {
            return ExitCode.Done;
        }

        lock (turn)
        {
            var isNamed = error.What.StartsWith($"{device} ", StringComparison.Ordinal) || error.What.StartsWith($"device {device} ", StringComparison.Ordinal);
            host.Console.Fail(isOne || isNamed ? error.ToString() : $"{device}: {error}");
        }

        return ExitCode.Of(error.Kind);
    }

    private static async Task<Fault?> CopyAsync(LogSource source, LogLines lines, CancellationToken cancellationToken)
    {
        var opened = await source.OpenAsync(null, cancellationToken);
        if (!opened.IsOk)
        {
            return opened.Fault;
        }

        await using var stream = opened.Value;
        while (true)
        {
            var line = await stream.NextAsync(cancellationToken);
            var end = !line.IsOk ? line.Fault : line.Value is null ? null : source.Take(line.Value, lines);
            if (!line.IsOk || line.Value is null || end is not null)
            {
                lines.Complete();
                return end;
            }
        }
    }
}

/// <summary>What <c>fleet logs</c> was asked for.</summary>
/// <param name="Devices">The devices; empty for those that the deployment matches.</param>
/// <param name="Query">Which log, and how much of it.</param>
internal sealed record LogRequest(ImmutableArray<string> Devices, LogQuery Query);
