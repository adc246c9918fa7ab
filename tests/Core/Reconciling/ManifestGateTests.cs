using System.Text;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Tests.Core.Reconciling;

public sealed class ManifestGateTests
{
    private static readonly MasterKey Master = MasterKey.Parse(Convert.ToBase64String(new byte[32]));
    private static readonly DeviceKeys Keys = Master.DeviceKeys(Some.Device, 1);
    private readonly ManifestGate gate = new(Some.Device, Keys);

    public static TheoryData<string, string> Unusable => new()
    {
        { "no JSON", "hello" },
        { "no object", "[]" },
        { "null", "null" },
        { "no device", """{"generation":{"term":1,"counter":1}}""" },
        { "another device", """{"device":"pi-2","generation":{"term":1,"counter":1}}""" },
        { "no generation", """{"device":"pi-1"}""" },
        { "a negative generation", """{"device":"pi-1","generation":{"term":1,"counter":-1}}""" },
        { "a generation beyond 2^53", """{"device":"pi-1","generation":{"term":9007199254740992,"counter":1}}""" },
        { "a null entry", """{"device":"pi-1","generation":{"term":1,"counter":1},"entries":[null]}""" },
        { "a member twice", """{"device":"pi-1","device":"pi-1","generation":{"term":1,"counter":1}}""" },
        { "half a surrogate pair", """{"device":"pi-1","generation":{"term":1,"counter":1},"apiVersion":"\ud800"}""" },
        { "too deep", $$"""{"device":"pi-1","generation":{"term":1,"counter":1},"later":{{new string('[', 40)}}{{new string(']', 40)}}}""" },
        { "a short key", $$"""{"device":"pi-1","generation":{"term":1,"counter":1},"entries":[{"namespace":"a","name":"b","uid":"c","scoreDigest":"{{new string('a', 64)}}","address":"{{new string('a', 64)}}","key":"AAAA"}]}""" },
    };

    [Fact]
    public void Judge_FirstManifest_Accepts()
    {
        var (bytes, mac) = Signed(Manifest(1, 1));
        var accepted = gate.Judge(null, bytes, mac).ShouldBeOfType<ManifestVerdict.Accepted>();
        accepted.Mark.ShouldBe(new ManifestMark(new Generation(1, 1), Digest.Of(bytes)));
        accepted.Manifest.Entries.Length.ShouldBe(1);
    }

    [Theory]
    [InlineData(1, 6)]
    [InlineData(2, 0)]
    public void Judge_Newer_Accepts(long term, long counter) => Judge(Manifest(term, counter)).ShouldBeOfType<ManifestVerdict.Accepted>();

    [Theory]
    [InlineData(1, 4)]
    [InlineData(0, 99)]
    public void Judge_Older_IsStale(long term, long counter)
    {
        var refused = Judge(Manifest(term, counter)).ShouldBeOfType<ManifestVerdict.Refused>();
        refused.Reason.ShouldBe(RefusalReason.Stale);
        refused.Generation.ShouldBe(new Generation(term, counter));
    }

    [Fact]
    public void Judge_SameAgain_IsHeldAlready() => Judge(Manifest(1, 5)).ShouldBeOfType<ManifestVerdict.AlreadyHeld>();

    [Fact]
    public void Judge_SameAgainAfterItsBytesWereLost_Accepts() => Judge(Manifest(1, 5), held: false).ShouldBeOfType<ManifestVerdict.Accepted>();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Judge_SameGenerationOtherBytes_IsForked(bool held) =>
        Judge(Manifest(1, 5) with { Entries = [] }, held).ShouldBeOfType<ManifestVerdict.Refused>().Reason.ShouldBe(RefusalReason.Forked);

    [Fact]
    public void Judge_WrongKey_IsBadMac()
    {
        var bytes = Bytes(Manifest(1, 1));
        foreach (var keys in new[] { Master.DeviceKeys(Some.Device, 2), Master.DeviceKeys(DeviceId.Parse("pi-2"), 1) })
        {
            var mac = MessageMac.Sign(keys.Down, keys.Epoch, MessageKinds.Manifest, Some.Device, bytes);
            Reason(bytes, mac).ShouldBe(RefusalReason.BadMac);
        }

        Reason(bytes, MessageMac.Sign(Keys.Up, 1, MessageKinds.Manifest, Some.Device, bytes)).ShouldBe(RefusalReason.BadMac);
        Reason(bytes, MessageMac.Sign(Keys.Down, 1, MessageKinds.Command, Some.Device, bytes)).ShouldBe(RefusalReason.BadMac);
        Reason(bytes, null).ShouldBe(RefusalReason.BadMac);
        Reason(bytes, string.Empty).ShouldBe(RefusalReason.BadMac);
    }

    [Fact]
    public void Judge_AnotherDevicesManifest_IsBadMac()
    {
        var other = DeviceId.Parse("pi-2");
        var bytes = Bytes(Manifest(1, 1) with { Device = other });
        var keys = Master.DeviceKeys(other, 1);
        Reason(bytes, MessageMac.Sign(keys.Down, 1, MessageKinds.Manifest, other, bytes)).ShouldBe(RefusalReason.BadMac);
    }

    [Fact]
    public void Judge_AnyBitFlipped_IsBadMac()
    {
        var (bytes, mac) = Signed(Manifest(1, 1));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Reason(bytes, mac).ShouldBe(RefusalReason.BadMac);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [MemberData(nameof(Unusable))]
    public void Judge_AuthenticButUnusable_IsMalformed(string what, string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        Reason(bytes, Mac(bytes)).ShouldBe(RefusalReason.Malformed, what);
    }

    [Fact]
    public void Judge_TooManyEntries_IsMalformed()
    {
        var entries = Enumerable.Range(0, WireLimits.MaxDeploymentsPerDevice + 1).Select(index => Some.Entry($"d{index}"));
        var (bytes, mac) = Signed(Manifest(1, 1) with { Entries = [.. entries] });
        Reason(bytes, mac).ShouldBe(RefusalReason.Malformed);
    }

    [Fact]
    public void Judge_TheSameDeploymentTwice_IsMalformed()
    {
        var (bytes, mac) = Signed(Manifest(1, 1) with { Entries = [Some.Entry("web"), Some.Entry("web", "uid-2")] });
        Reason(bytes, mac).ShouldBe(RefusalReason.Malformed);
    }

    [Fact]
    public void Judge_TooLarge_IsMalformed()
    {
        var bytes = new byte[WireLimits.MaxDocumentBytes + 1];
        Reason(bytes, Mac(bytes)).ShouldBe(RefusalReason.Malformed);
    }

    [Fact]
    public void Judge_LaterVersion_IsTooNewAndNamesItsGeneration()
    {
        var bytes = """{"apiVersion":"fleet/v2","generation":{"term":7,"counter":8},"shape":"another"}"""u8.ToArray();
        var refused = gate.Judge(null, bytes, Mac(bytes)).ShouldBeOfType<ManifestVerdict.Refused>();
        refused.Reason.ShouldBe(RefusalReason.TooNew);
        refused.Generation.ShouldBe(new Generation(7, 8));
        refused.Message.ShouldContain("fleet/v2");
    }

    private static DeviceManifest Manifest(long term, long counter) =>
        new() { Device = Some.Device, Generation = new Generation(term, counter), Entries = [Some.Entry("web")] };

    private static byte[] Bytes(DeviceManifest manifest) => JsonSerializer.SerializeToUtf8Bytes(manifest, ContractsJson.Bus.DeviceManifest);

    private static string Mac(byte[] bytes) => MessageMac.Sign(Keys.Down, Keys.Epoch, MessageKinds.Manifest, Some.Device, bytes);

    private static (byte[] Bytes, string Mac) Signed(DeviceManifest manifest)
    {
        var bytes = Bytes(manifest);
        return (bytes, Mac(bytes));
    }

    /// <summary>Offers a manifest to a device that took 1.5 before.</summary>
    private ManifestVerdict Judge(DeviceManifest offered, bool held = true)
    {
        var floor = new ManifestFloor(new ManifestMark(new Generation(1, 5), Digest.Of(Bytes(Manifest(1, 5)))), held);
        var (bytes, mac) = Signed(offered);
        return gate.Judge(floor, bytes, mac);
    }

    private RefusalReason Reason(byte[] bytes, string? mac) => gate.Judge(null, bytes, mac).ShouldBeOfType<ManifestVerdict.Refused>().Reason;
}
