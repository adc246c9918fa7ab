using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Conformance;

namespace Harmony.Fleet.Tests.Operator.Api;

public sealed class InMemoryResourceApiTests : ResourceApiTests
{
    protected override IResourceStore OpenStore() => new InMemoryResourceStore(TimeProvider.System);

    protected override ValueTask CloseStoreAsync() => ValueTask.CompletedTask;
}
