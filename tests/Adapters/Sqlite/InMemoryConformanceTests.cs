using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Fleet.Core.Resources;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Conformance;

namespace Harmony.Fleet.Tests.Adapters.Sqlite;

/// <summary>The suite on the fake: what passes on it passes on the real one.</summary>
public sealed class InMemoryConformanceTests : ResourceStoreConformance
{
    private readonly InMemoryResourceStore store = new(TimeProvider.System);

    protected override Task<IResourceStore> OpenAsync() => Task.FromResult<IResourceStore>(store);

    protected override Task CloseAsync() => Task.CompletedTask;

    protected override Task<JsonElement> RawAsync(ResourceKey key) => Task.FromResult(JsonDocument.Parse(store.RawOf(Deployments, key)).RootElement);

    protected override Task AddUnknownAsync(ResourceKey key, string metadata, string spec, string status)
    {
        store.Replace(Deployments, key, parts => new ResourceParts(Merged(parts.Metadata, metadata), Merged(parts.Spec, $$"""{"spec":{{spec}}}"""), Merged(parts.Status!, status)));
        return Task.CompletedTask;

        static byte[] Merged(byte[] part, string patch) => Encoding.UTF8.GetBytes(Merge(JsonNode.Parse(part), JsonNode.Parse(patch))!.ToJsonString());
    }

    protected override Task ForgetHistoryAsync()
    {
        store.ForgetHistory();
        return Task.CompletedTask;
    }

    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (target is not JsonObject members || patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        foreach (var (name, value) in changes)
        {
            members[name] = Merge(members[name], value);
        }

        return members;
    }
}
