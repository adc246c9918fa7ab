using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Nats.Bus;

[Trait("Category", "Integration")]
public sealed class OldestServerConformanceTests() : NatsBusConformance(NatsVersions.Oldest);

[Trait("Category", "Integration")]
public sealed class NewestServerConformanceTests() : NatsBusConformance(NatsVersions.Newest);
