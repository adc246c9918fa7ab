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
        { "no device", """{"generation":{"term":1,"counter":1},"entries":[]}""" },
        { "another device", """{"device":"pi-2","generation":{"term":1,"counter":1},"entries":[]}""" },
        { "no generation", """{"device":"pi-1","entries":[]}""" },
        { "a negative generation", """{"device":"pi-1","generation":{"term":1,"counter":-1},"entries":[]}""" },
        { "a generation beyond 2^53", """{"device":"pi-1","generation":{"term":9007199254740992,"counter":1},"entries":[]}""" },
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

    [Theory]
    [InlineData("[]", "it is no JSON object")]
    [InlineData("""{"device":"pi-2","generation":{"term":1,"counter":1},"entries":[]}""", "it is for device 'pi-2', not for 'pi-1'")]
    [InlineData("""{"device":"pi-1","generation":{"term":1,"counter":-1},"entries":[]}""", "its generation 1.-1 is out of bounds")]
    [InlineData("""{"device":"pi-1","generation":{"term":1,"counter":1},"entries":[null]}""", "one of its entries is null")]
    public void Judge_Unusable_SaysWhatIsWrong(string json, string why)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        Refused(bytes, Mac(bytes)).Message.ShouldBe($"The manifest cannot be used: {why}");
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void Judge_Uid_HasBounds(int length, bool isTaken)
    {
        var (bytes, mac) = Signed(Manifest(1, 1) with { Entries = [Some.Entry("web", new string('u', length))] });
        if (isTaken)
        {
            gate.Judge(null, bytes, mac).ShouldBeOfType<ManifestVerdict.Accepted>();
        }
        else
        {
            Refused(bytes, mac).Message.ShouldBe("The manifest cannot be used: the entry of acme/web has no usable uid or key");
        }
    }

    /// <summary>What vouches for it is the MAC: then the generation that it names is told, and nothing of one that has none.</summary>
    [Theory]
    [InlineData("""{"device":"pi-1","generation":{"term":1,"counter":2},"entries":[null]}""", "1.2")]
    [InlineData("""{"apiVersion":"fleet/v2","generation":{"term":1,"counter":2}}""", "1.2")]
    [InlineData("""{"apiVersion":"fleet/v2"}""", null)]
    [InlineData("""{"apiVersion":"fleet/v2","generation":7}""", null)]
    [InlineData("""{"apiVersion":"fleet/v2","generation":{"term":1}}""", null)]
    [InlineData("""{"apiVersion":"fleet/v2","generation":{"counter":1}}""", null)]
    [InlineData("""{"apiVersion":"fleet/v2","generation":{"term":"1","counter":1}}""", null)]
    [InlineData("""{"apiVersion":"fleet/v2","generation":{"term":1,"counter":"1"}}""", null)]
    [InlineData("""{"apiVersion":"fleet/v2","generation":{"term":1.5,"counter":1}}""", null)]
    [InlineData("""{"apiVersion":"fleet/v2","generation":{"term":1,"counter":1.5}}""", null)]
    [InlineData("""{"apiVersion":"fleet/v2","generation":{"term":1,"counter":-1}}""", null)]
    public void Judge_Unusable_NamesItsGenerationWhereItHasOne(string json, string? generation)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        Refused(bytes, Mac(bytes)).Generation?.ToString().ShouldBe(generation);
        (Refused(bytes, Mac(bytes)).Generation is null).ShouldBe(generation is null);
    }

    [Fact]
    public void Judge_NotAuthentic_SaysSo()
    {
        var (bytes, mac) = Signed(Manifest(1, 1));
        Refused(bytes, null).ShouldBe(new(RefusalReason.BadMac, null, "The manifest carries no MAC: it is not from this control plane."));
        Refused([.. bytes, 0], mac).ShouldBe(new(RefusalReason.BadMac, null, "The manifest's MAC is wrong: it is not from this control plane, or not for this device."));
    }

    [Fact]
    public void Judge_OutOfOrder_SaysWhatWasTakenBefore()
    {
        Judge(Manifest(1, 4)).ShouldBeOfType<ManifestVerdict.Refused>().Message.ShouldBe("Manifest 1.4 is older than 1.5, which was taken before.");
        Judge(Manifest(1, 5) with { Entries = [] }).ShouldBe(new ManifestVerdict.Refused(
            RefusalReason.Forked, new Generation(1, 5), "Manifest 1.5 has other bytes than the one of that generation that was taken before."));
    }

    [Fact]
    public void Judge_TooManyEntries_IsMalformed()
    {
        (byte[] Bytes, string Mac) Of(int count) => Signed(Manifest(1, 1) with { Entries = [.. Enumerable.Range(0, count).Select(index => Some.Entry($"d{index}"))] });
        var (bytes, mac) = Of(WireLimits.MaxDeploymentsPerDevice + 1);
        Refused(bytes, mac).Message.ShouldBe("The manifest cannot be used: it names 65 deployments; 64 are allowed");
        (bytes, mac) = Of(WireLimits.MaxDeploymentsPerDevice);
        gate.Judge(null, bytes, mac).ShouldBeOfType<ManifestVerdict.Accepted>();
    }

    [Fact]
    public void Judge_TheSameDeploymentTwice_IsMalformed()
    {
        var (bytes, mac) = Signed(Manifest(1, 1) with { Entries = [Some.Entry("web"), Some.Entry("web", "uid-2")] });
        Refused(bytes, mac).ShouldBe(new(RefusalReason.Malformed, new Generation(1, 1), "The manifest cannot be used: it names acme/web twice"));
    }

    [Fact]
    public void Judge_TooLarge_IsMalformed()
    {
        var bytes = new byte[WireLimits.MaxDocumentBytes + 1];
        Refused(bytes, Mac(bytes)).Message.ShouldBe($"The manifest cannot be used: it has {bytes.Length} bytes; {WireLimits.MaxDocumentBytes} are allowed");
        bytes = [.. Bytes(Manifest(1, 1)), .. Enumerable.Repeat((byte)' ', WireLimits.MaxDocumentBytes - Bytes(Manifest(1, 1)).Length)];
        gate.Judge(null, bytes, Mac(bytes)).ShouldBeOfType<ManifestVerdict.Accepted>();
    }

    [Fact]
    public void Judge_LaterVersion_IsTooNewAndNamesItsGeneration()
    {
        var bytes = """{"apiVersion":"fleet/v2","generation":{"term":7,"counter":8},"shape":"another"}"""u8.ToArray();
        var refused = gate.Judge(null, bytes, Mac(bytes)).ShouldBeOfType<ManifestVerdict.Refused>();
        refused.Reason.ShouldBe(RefusalReason.TooNew);
        refused.Generation.ShouldBe(new Generation(7, 8));
        refused.Message.ShouldBe("The manifest is of version 'fleet/v2'; this agent knows fleet/v1: upgrade it.");
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

    private RefusalReason Reason(byte[] bytes, string? mac) => Refused(bytes, mac).Reason;

    private ManifestVerdict.Refused Refused(byte[] bytes, string? mac) => gate.Judge(null, bytes, mac).ShouldBeOfType<ManifestVerdict.Refused>();
}
