using System.Collections.Immutable;
using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Podman;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Hosting.SelfTests;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Agent.Hosting;

/// <summary>Looks at what an agent needs. A running agent is not disturbed.</summary>
internal static class AgentSelfTest
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);
    private static readonly Version OldestPodman = new(4, 3);

    /// <summary>The steps.</summary>
    /// <param name="options">The settings; null where they are wrong: what needs none of them is looked at all the same.</param>
    public static ImmutableArray<SelfTestStep> Steps(AgentOptions? options) =>
    [
        .. options is null ? ((string[])["keys", "podman", "nats", "disk"]).Select(SelfTestStep.Untried) :
        [
            Keys(options),
            new SelfTestStep("podman", token => LookAtPodmanAsync(options.PodmanSocket, token)),
            new SelfTestStep("nats", token => LookAtNatsAsync(options, token)),
            MachineSteps.Disk(options.StateDirectory),
        ],
        MachineSteps.Clock(TimeProvider.System),
    ];

    /// <summary>The loader refuses keys that are not right, and files that others can read or their group can write.</summary>
    private static SelfTestStep Keys(AgentOptions options) => SelfTestStep.Known(
        "keys", new Finding.Right($"of device {options.Device}, epoch {options.Keys.Epoch}; nobody but their owner and group can read them"));

    private static async Task<Finding> LookAtPodmanAsync(string socket, CancellationToken cancellationToken)
    {
        using var podman = new PodmanRuntime(new PodmanOptions { SocketPath = socket, CallTimeout = AnswerLimit }, TimeProvider.System);
        var info = await podman.InfoAsync(cancellationToken);
        if (!info.IsOk)
        {
            return new Finding.Wrong(info.Fault.ToString());
        }

        var text = $"version {info.Value.Version} at {socket}, containers in {info.Value.StorageRoot}";
        return Version.TryParse(info.Value.Version.Split('-')[0], out var version) && version < OldestPodman
            ? new Finding.Wrong($"{text}: it is too old, install {OldestPodman} or later.")
            : new Finding.Right(text);
    }

    private static async Task<Finding> LookAtNatsAsync(AgentOptions options, CancellationToken cancellationToken)
    {
        await using var bus = new NatsBus(AgentHost.Nats(options) with { ConnectTimeout = AnswerLimit }, TimeProvider.System, NullLogger.Instance);
        try
        {
            await bus.ConnectAsync(cancellationToken);
        }
        catch (NatsConnectException failure)
        {
            return new Finding.Wrong($"{failure.Message} Workloads run on meanwhile. Check nats.url, and the way there.");
        }

        return await bus.Bucket(BucketNames.DesiredState).GetAsync(options.Device.Value, cancellationToken) switch
        {
            GetOutcome.Found => new Finding.Right($"connected to {options.Nats.Url}, which holds a manifest for this device"),
            GetOutcome.Unavailable unavailable => new Finding.Wrong($"connected to {options.Nats.Url}, and the manifest cannot be read: {unavailable.Reason}"),
            _ => new Finding.Odd($"connected to {options.Nats.Url}, which holds no manifest for this device yet: is it known to the operator? (fleet get devices)"),
        };
    }
}
