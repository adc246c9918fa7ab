using System.Text;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Tests.Contracts.Bus;

public sealed class RoundTripTests
{
    /// <summary>Read as empty it would take everything away that stands.</summary>
    [Theory]
    [InlineData("""{"device":"pi-1","generation":{"term":1,"counter":2}}""")]
    [InlineData("""{"device":"pi-1","generation":{"term":1,"counter":2},"entries":null}""")]
    public void Manifest_WithoutEntries_IsNone(string json) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize(json, ContractsJson.Bus.DeviceManifest));

    [Fact]
    public void Manifest_OfALaterVersion_IsReadAsFarAsItIsKnown()
    {
        var json = """{"device":"pi-1","generation":{"term":1,"counter":2},"entries":[],"later":true}""";
        var manifest = JsonSerializer.Deserialize(json, ContractsJson.Bus.DeviceManifest)!;
        manifest.Entries.ShouldBeEmpty();
        manifest.ApiVersion.ShouldBe(BusVersion.V1);
        manifest.Generation.ShouldBe(new Generation(1, 2));
    }

    [Fact]
    public void Report_UnknownPhase_ReadsAsUnknown()
    {
        var digest = Digest.Of("x"u8);
        var json = $$"""{"device":"pi-1","instance":"a","sequence":1,"at":"2026-11-21T07:33:00Z","deployments":[{"namespace":"a","name":"b","uid":"c","scoreDigest":"{{digest}}","phase":"Dancing"}]}""";
        JsonSerializer.Deserialize(json, ContractsJson.Bus.DeviceReport)!.Deployments[0].Phase.ShouldBe(Phase.Unknown);
    }

    [Fact]
    public void Deployment_Empty_KeepsItsDefaults()
    {
        var deployment = JsonSerializer.Deserialize("{}", ContractsJson.Resources.Deployment)!;
        deployment.ApiVersion.ShouldBe(ApiGroup.Version);
        deployment.Metadata.Labels.ShouldBeEmpty();
        Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(deployment, ContractsJson.Resources.Deployment)).ShouldContain("\"kind\":\"Deployment\"");
    }
}
