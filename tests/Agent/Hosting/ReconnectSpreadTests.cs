using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Agent.Hosting;
using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Hosting.Options;
using Harmony.Fleet.Tests.Agent.Rigs;

namespace Harmony.Fleet.Tests.Agent.Hosting;

public sealed class ReconnectSpreadTests
{
    /// <summary>All of a fleet lose their server at the same moment.</summary>
    [Fact]
    public void FirstTries_OfAFleetThatLostItsServer_AreSpreadOverSeconds()
    {
        using var pair = NKeyPair.Create(NKeyKind.User);
        var nats = AgentHost.Nats(new AgentOptions
        {
            Device = ControlPlane.Device,
            Keys = ControlPlane.Keys,
            StateDirectory = string.Empty,
            PodmanSocket = string.Empty,
            Nats = new NatsAccess { Servers = [new Uri("nats://nowhere")], Seed = pair.RevealSeed() },
        });

        var waits = Enumerable.Range(0, 1000).Select(device => new BackOffSequence(new BackOff(nats.ReconnectMin, nats.ReconnectCap), new Random(device)).Next()).ToList();

        (waits.Max() - waits.Min()).ShouldBeGreaterThan(TimeSpan.FromSeconds(5));
        waits.Max().ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(6), "a small fleet waits as long");
        waits.GroupBy(wait => (int)(wait / TimeSpan.FromMilliseconds(100))).Max(together => together.Count()).ShouldBeLessThan(50, "no part of them comes at the same moment");
    }
}
