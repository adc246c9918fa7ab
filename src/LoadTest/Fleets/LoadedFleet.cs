using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Core.Trust;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.LoadTest.Fleets;

/// <summary>The fleet under load, as whoever writes and looks reaches it.</summary>
/// <param name="Api">Its API.</param>
/// <param name="Token">What API calls present.</param>
/// <param name="NatsUrl">Its bus.</param>
/// <param name="Seed">The operator's login: it may write for all devices, so that a few connections are enough.</param>
/// <param name="Master">From which the devices' keys come.</param>
/// <param name="Operator">The operator's process; null where that is not known.</param>
/// <param name="Nats">nats-server's process; null where that is not known.</param>
internal sealed record LoadedFleet(Uri Api, string Token, string NatsUrl, string Seed, MasterKey Master, int? Operator, int? Nats)
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(10);

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
