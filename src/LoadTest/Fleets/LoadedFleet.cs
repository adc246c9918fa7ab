using System.Collections.Immutable;
using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Deploy.NatsServers;
using Harmony.Fleet.Deploy.Processes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.LoadTest.Fleets;

/// <summary>The fleet under load, as whoever writes and looks reaches it.</summary>
/// <param name="Api">Its API.</param>
/// <param name="Token">What API calls present.</param>
/// <param name="NatsUrl">Its bus.</param>
/// <param name="Seed">The operator's login: it may write for all devices, so that a few connections are enough.</param>
/// <param name="Master">From which the devices' keys come.</param>
/// <param name="Operator">The operator's process; null where that is not known.</param>
/// <param name="Nats">The processes of all its nats-servers, in their order; none where they are not known.</param>
internal sealed record LoadedFleet(Uri Api, string Token, string NatsUrl, string Seed, MasterKey Master, int? Operator, ImmutableArray<int> Nats)
{
    /// <summary>What the parts are called that are nats-servers, however many a fleet has.</summary>
    private static readonly ImmutableArray<string> NatsNames = [.. NatsNode.Counts.SelectMany(count => NatsNode.Of(count)).Select(node => node.Name).Distinct()];
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(10);

    /// <summary>The operator's process, of a fleet's parts; null while none runs.</summary>
    public static int? OperatorOf(ImmutableArray<StackPart> parts) => parts.FirstOrDefault(part => part.Name == "operator")?.Process?.Pid;

    /// <summary>The processes of all its nats-servers that run, of a fleet's parts.</summary>
    public static ImmutableArray<int> NatsOf(ImmutableArray<StackPart> parts) => [.. NatsNames.SelectMany(name => parts.Where(part => part.Name == name)).Select(part => part.Process?.Pid).OfType<int>()];

    /// <summary>A connection to the bus that stands.</summary>
    public async Task<NatsBus> ConnectAsync(string name, CancellationToken cancellationToken)
    {
        var bus = new NatsBus(
            new NatsOptions
            {
                Servers = NatsOptions.For(NatsUrl).Servers,
                Name = name,
                Login = new NatsLogin.NKey(NKeyPair.ParseSeed(Seed)),
                BufferBytes = NatsOptions.LargeBufferBytes,
                JetStream = new() { RequestTimeout = RequestLimit },
            },
            TimeProvider.System,
            NullLogger.Instance);
        await bus.ConnectAsync(cancellationToken);
        return bus;
    }
}
