using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Tests.Core.Trust;

public sealed class MasterKeyTests
{
    [Fact]
    public void DeviceKeys_OfKnownMaster_AreTheGoldenOnes()
    {
        var keys = TrustSamples.Master.DeviceKeys(TrustSamples.Device, 7);

        Convert.ToBase64String(keys.Down).ShouldBe(TrustSamples.Down);
        Convert.ToBase64String(keys.Up).ShouldBe(TrustSamples.Up);
        keys.Epoch.ShouldBe(7);
    }

    [Fact]
    public void DeviceKeys_OtherDeviceOrEpoch_AreUnrelated()
    {
        var all = new[] { ("pi-1", 1), ("pi-2", 1), ("pi-1", 2), ("pi-1", 11) }
            .Select(of => TrustSamples.Master.DeviceKeys(DeviceId.Parse(of.Item1), of.Item2))
            .SelectMany(keys => new[] { Convert.ToHexString(keys.Down), Convert.ToHexString(keys.Up) });

        all.ShouldBeUnique();
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g")]
    public void Parse_NotThirtyTwoBytes_SaysSoWithoutTheText(string text)
    {
        var error = Should.Throw<FormatException>(() => MasterKey.Parse(text));

        error.Message.ShouldContain("32 bytes");
        if (text.Length > 0)
        {
            error.Message.ShouldNotContain(text);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void DeviceKeys_EpochThatNeverWas_AreNone(int epoch) =>
        Should.Throw<ArgumentOutOfRangeException>(() => TrustSamples.Master.DeviceKeys(TrustSamples.Device, epoch));

    [Fact]
    public void Parse_LineOfAFile_IgnoresItsEnd() => MasterKey.Parse(TrustSamples.MasterText + "\n").ShouldNotBeNull();

    [Fact]
    public void ToString_OfSecrets_ShowsNone()
    {
        var keys = TrustSamples.Master.DeviceKeys(TrustSamples.Device, 7);
        var sealedScore = ScoreSealer.Seal(TrustSamples.Master, TrustSamples.Plain);

        TrustSamples.Master.ToString().ShouldBe("***");
        keys.ToString().ShouldBe("DeviceKeys { Epoch = 7, *** }");
        sealedScore.ToString().ShouldBe("SealedScore { ScoreDigest = 77ac2dd7a713, Address = 9d1001eb2993, *** }");
    }
}
