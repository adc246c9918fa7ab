using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness.Bus;

namespace Harmony.Fleet.Tests.Operator.Api;

public sealed class DesiredApiTests : IAsyncLifetime
{
    private const string Path = Samples.Pi + "/desired";
    private static readonly DeviceId Pi = DeviceId.Parse("pi-1");
    private readonly FakeBroker broker = new();
    private OperatorUnderTest? started;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private OperatorUnderTest Fleet => started!;

    private FakeBus Bus => broker.Connect();

    public async ValueTask InitializeAsync()
    {
        await broker.EnsureBucketAsync(new BucketSettings { Name = BucketNames.DesiredState }, Stop);
        await broker.EnsureBucketAsync(new BucketSettings { Name = BucketNames.Scores }, Stop);
        started = await OperatorUnderTest.StartAsync(bus: broker.Connect());
    }

    public ValueTask DisposeAsync() => Fleet.DisposeAsync();

    [Fact]
    public async Task Desired_OfAManifest_ShowsItsScoresAndNoKey()
    {
        var score = Sealed("docker.io/library/web:1");
        await Bus.Bucket(BucketNames.Scores).PutAsync(score.Address.Value, score.Ciphertext, BusHeaders.None, Stop);
        await PutAsync(Manifest(Entry(score)));

        var (code, body) = await Fleet.SendAsync(HttpMethod.Get, Path);

        code.ShouldBe(200);
        body.GetProperty("device").GetString().ShouldBe("pi-1");
        body.GetProperty("generation").GetProperty("term").GetInt64().ShouldBe(3);
        body.GetProperty("digest").GetString()!.Length.ShouldBe(64);
        var entry = body.GetProperty("entries")[0];
        entry.GetProperty("score").GetProperty("PodmanV0").GetProperty("containers")[0].GetProperty("image").GetString().ShouldBe("docker.io/library/web:1");
        entry.TryGetProperty("error", out _).ShouldBeFalse();
        body.ToString().ShouldNotContain(Convert.ToBase64String(score.Key));
    }

    [Fact]
    public async Task Desired_WithoutAScore_SaysSoAndShowsTheRest()
    {
        var (lost, there) = (Sealed("docker.io/library/lost:1"), Sealed("docker.io/library/web:1"));
        await Bus.Bucket(BucketNames.Scores).PutAsync(there.Address.Value, there.Ciphertext, BusHeaders.None, Stop);
        await PutAsync(Manifest(Entry(lost, "lost"), Entry(there)));

        var entries = (await Fleet.SendAsync(HttpMethod.Get, Path)).Body.GetProperty("entries");

        entries[0].GetProperty("error").GetString()!.ShouldContain("not on the bus");
        entries[1].TryGetProperty("score", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Desired_WithASwappedScore_SaysSo()
    {
        var (meant, other) = (Sealed("docker.io/library/web:1"), Sealed("docker.io/library/evil:1"));
        await Bus.Bucket(BucketNames.Scores).PutAsync(meant.Address.Value, other.Ciphertext, BusHeaders.None, Stop);
        await PutAsync(Manifest(Entry(meant)));

        var entry = (await Fleet.SendAsync(HttpMethod.Get, Path)).Body.GetProperty("entries")[0];

        entry.GetProperty("error").GetString()!.ShouldContain("other bytes");
        entry.TryGetProperty("score", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Desired_OfNoManifest_Is404() => (await Fleet.SendAsync(HttpMethod.Get, Path)).ShouldBeStatus(404, "NotFound", "pi-1");

    [Fact]
    public async Task Desired_WithoutTheMac_Is502()
    {
        await Bus.Bucket(BucketNames.DesiredState).PutAsync(Pi.Value, Manifest(), BusHeaders.None, Stop);

        (await Fleet.SendAsync(HttpMethod.Get, Path)).ShouldBeStatus(502, "InternalError", "MAC");
    }

    [Fact]
    public async Task Desired_WithAnotherDevicesMac_Is502()
    {
        var keys = Fleet.Options.MasterKey.DeviceKeys(DeviceId.Parse("pi-2"), 1);
        var mac = MessageMac.Sign(keys.Down, 1, MessageKinds.Manifest, DeviceId.Parse("pi-2"), Manifest());
        await Bus.Bucket(BucketNames.DesiredState).PutAsync(Pi.Value, Manifest(), new BusHeaders(mac), Stop);

        (await Fleet.SendAsync(HttpMethod.Get, Path)).ShouldBeStatus(502, "InternalError", "MAC");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[")]
    public async Task Desired_OfNoReadableManifest_Is502(string json)
    {
        await PutAsync(System.Text.Encoding.UTF8.GetBytes(json));

        (await Fleet.SendAsync(HttpMethod.Get, Path)).ShouldBeStatus(502, "InternalError", "readable");
    }

    private static byte[] Manifest(params ManifestEntry[] entries) => JsonSerializer.SerializeToUtf8Bytes(
        new DeviceManifest { Device = Pi, Generation = new Generation(3, 7), Entries = [.. entries] }, ContractsJson.Bus.DeviceManifest);

    private static ManifestEntry Entry(SealedScore score, string name = "web") => new()
    {
        Namespace = NamespaceName.Parse("plant"), Name = DeploymentName.Parse(name), Uid = "u", ScoreDigest = score.ScoreDigest, Address = score.Address, Key = score.Key,
    };

    private SealedScore Sealed(string image)
    {
        var score = new ReconcileScore { PodmanV0 = new PodmanV0Score { Containers = [new Container { Name = "main", Image = image }] } };
        return ScoreSealer.Seal(Fleet.Options.MasterKey, JsonSerializer.SerializeToUtf8Bytes(score, ContractsJson.Scores.ReconcileScore));
    }

    private async Task PutAsync(byte[] manifest)
    {
        var mac = MessageMac.Sign(Fleet.Options.MasterKey.DeviceKeys(Pi, 1).Down, 1, MessageKinds.Manifest, Pi, manifest);
        (await Bus.Bucket(BucketNames.DesiredState).PutAsync(Pi.Value, manifest, new BusHeaders(mac), Stop)).ShouldBeOfType<PutOutcome.Stored>();
    }
}
