using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Conformance;

namespace Harmony.Fleet.Tests.Adapters.Sqlite;

/// <summary>The suite on the fake: what passes on it passes on the real one.</summary>
public sealed class InMemoryConformanceTests : ResourceStoreConformance
{
    private readonly InMemoryResourceStore store = new(TimeProvider.System);

    protected override Task<IResourceStore> OpenAsync() => Task.FromResult<IResourceStore>(store);

    protected override Task CloseAsync() => Task.CompletedTask;

    protected override Task ForgetHistoryAsync()
    {
        store.ForgetHistory();
        return Task.CompletedTask;
    }
}
