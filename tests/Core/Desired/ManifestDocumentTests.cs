using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;

namespace Harmony.Fleet.Tests.Core.Desired;

public sealed class ManifestDocumentTests
{
    /// <summary>Other bytes would be another content of the same generation.</summary>
    [Fact]
    public void Write_AnyManifest_GivesTheSerializersBytes()
    {
        var random = new Random(20261127);
        for (var round = 0; round < 300; round++)
        {
            var device = DeviceId.Parse($"pi-{random.Next(1_000)}");
            var generation = new Generation(random.NextInt64(WireLimits.MaxGenerationPart + 1), random.NextInt64(3));
            ImmutableArray<ManifestEntry> entries = [.. Enumerable.Range(0, random.Next(5)).Select(_ => Entry(random))];
            var serialized = JsonSerializer.Serialize(new DeviceManifest { Device = device, Generation = generation, Entries = entries }, ContractsJson.Bus.DeviceManifest);
            Encoding.UTF8.GetString(ManifestDocument.Write(device, generation, entries)).ShouldBe(serialized);
            Encoding.UTF8.GetString(ManifestDocument.Write(device, generation, [.. entries.Reverse()])).ShouldBe(
                JsonSerializer.Serialize(new DeviceManifest { Device = device, Generation = generation, Entries = [.. entries.Reverse()] }, ContractsJson.Bus.DeviceManifest));
        }
    }

    private static ManifestEntry Entry(Random random)
    {
        var key = new byte[32];
        random.NextBytes(key);
        return new()
        {
            Namespace = NamespaceName.Parse("default"),
            Name = DeploymentName.Parse($"web-{random.Next(1_000)}"),
            Uid = random.Next(2) == 0 ? $"{random.NextInt64()}" : $"a\"<b>+\u00e9\u20ac\n{random.Next()}",
            ScoreDigest = Digest.Of(key),
            Address = Digest.Of(BitConverter.GetBytes(random.Next())),
            Key = key,
        };
    }
}
