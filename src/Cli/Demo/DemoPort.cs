using System.Collections.Immutable;
using System.Net.Sockets;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Local;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Machines;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Demo;

/// <summary>The port of the demo's page.</summary>
/// <param name="host">The program.</param>
/// <param name="wanted">The one that was asked for; null for none.</param>
internal sealed class DemoPort(CliHost host, int? wanted)
{
    private const string Option = "--port";

    /// <summary>So long the container of a deployment may take to begin, from when its port was taken by it.</summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Why the port that was asked for cannot be had, before anything is started; null where it can, and where a container of <paramref name="left"/> has it.</summary>
    /// <param name="left">What a fleet that was killed left running.</param>
    public Fault? Refusal(ImmutableArray<LeftProcess> left)
    {
        if (wanted is not { } port)
        {
            return null;
        }

        var error = FreePorts.Try(port);
        var isLeft = error != SocketError.Success && PortListener.Of(port) is { } holder
            && left.Any(process => process.IsContainer && (process.Process.Pid == holder.Pid || IsUsersNetwork(holder)));
        return error == SocketError.Success || isLeft ? null : Taken(port, error);
    }

    /// <summary>The port that was asked for, or the one that the deployment has already, or a free one.</summary>
    /// <param name="present">The port of a deployment that is there already; null for none.</param>
    /// <param name="runs">Whether its container runs with this port.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<Outcome<int>> ChooseAsync(int? present, Func<int, CancellationToken, Task<Outcome<bool>>> runs, CancellationToken cancellationToken)
    {
        if (wanted is not { } port)
        {
            return present ?? FreePorts.Find(_ => false) ?? (Outcome<int>)Fault.Permanent("no free port was found for the page", $"name one with {Option}");
        }

        for (var began = host.Time.GetTimestamp(); FreePorts.Try(port) is var error and not SocketError.Success; await Task.Delay(Pause, host.Time, cancellationToken))
        {
            var own = port == present ? await runs(port, cancellationToken) : false;
            if (!own.IsOk || own.Value)
            {
                return own.IsOk ? port : own.Fault;
            }

            if (port != present || host.Time.GetElapsedTime(began) >= StartTime)
            {
                return Taken(port, error);
            }
        }

        return port;
    }

    /// <summary>Whether it forwards ports to the containers of an ordinary user: it does not say of which.</summary>
    private static bool IsUsersNetwork(PortListener holder) =>
        ((string[])["rootlessport", "pasta", "slirp4netns"]).Any(name => holder.Program.Contains(name, StringComparison.Ordinal));

    /// <summary>A deployment that is there keeps its port where none is named: to leave the option out is no way out.</summary>
    private Fault Taken(int port, SocketError error)
    {
        var fault = DeployHints.Of(host, FreePorts.Explain(port, error, Option));
        return fault.Kind == FaultKind.Conflict ? fault with { Advice = $"end what listens there, or choose another port with {Option}" } : fault;
    }
}
