using System.Text;
using Harmony.Fleet.Adapters.Nats.Credentials;

namespace Harmony.Fleet.Tests.Adapters.Nats.Credentials;

public sealed class EncodingTests
{
    [Theory]
    [InlineData("", 0x0000)]
    [InlineData("123456789", 0x31C3)]
    [InlineData("A", 0x58E5)]
    public void Crc16_OfKnownText_IsTheKnownSum(string text, int crc) => ((int)Crc16.Of(Encoding.ASCII.GetBytes(text))).ShouldBe(crc);

    /// <summary>The vectors of RFC 4648, without their padding.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_OfTheRfcsVectors_IsWhatTheRfcSays(string plain, string encoded)
    {
        var text = new char[Base32.EncodedLength(plain.Length)];
        Base32.Encode(Encoding.ASCII.GetBytes(plain), text);
        new string(text).ShouldBe(encoded);

        var bytes = new byte[plain.Length];
        Base32.TryDecode(encoded, bytes).ShouldBeTrue();
        Encoding.ASCII.GetString(bytes).ShouldBe(plain);
    }

    [Theory]
    [InlineData("MZ", 1)]
    [InlineData("my", 1)]
    [InlineData("M1", 1)]
    [InlineData("MY======", 1)]
    [InlineData("MYA", 1)]
    public void Base32_OfWhatNoEncoderMakes_IsRefused(string encoded, int length) => Base32.TryDecode(encoded, new byte[length]).ShouldBeFalse();

    [Fact]
    public void NKeyText_OfAKnownKey_IsStable()
    {
        var key = Convert.FromHexString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

        var text = NKeyText.EncodePublic(NKeyKind.User, key);

        var back = new byte[32];
        NKeyText.TryDecodePublic(text, out var kind, back).ShouldBeTrue();
        (kind, Convert.ToHexString(back)).ShouldBe((NKeyKind.User, Convert.ToHexString(key)));
        text.ShouldBe("UDLVVGABQKYQVN6VJP7NHSLEA45A5YLS6PNKMIZFV4BBU2HXA5IRUVAL");
    }
}
