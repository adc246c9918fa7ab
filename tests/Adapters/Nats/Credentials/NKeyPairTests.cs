using System.Text;
using Harmony.Fleet.Adapters.Nats.Credentials;

namespace Harmony.Fleet.Tests.Adapters.Nats.Credentials;

public sealed class NKeyPairTests
{
    [Theory]
    [InlineData(NKeyKind.User, 'U', "SU")]
    [InlineData(NKeyKind.Account, 'A', "SA")]
    [InlineData(NKeyKind.Operator, 'O', "SO")]
    [InlineData(NKeyKind.Server, 'N', "SN")]
    public void Create_OfEachKind_ShowsItInItsText(NKeyKind kind, char letter, string seedStart)
    {
        using var pair = NKeyPair.Create(kind);

        pair.PublicKey.Length.ShouldBe(56);
        pair.PublicKey[0].ShouldBe(letter);
        var seed = pair.RevealSeed();
        seed.Length.ShouldBe(58);
        seed.ShouldStartWith(seedStart);
        using var again = NKeyPair.ParseSeed($" {seed}\n");
        (again.Kind, again.PublicKey).ShouldBe((kind, pair.PublicKey));
        NKeyPair.TryReadPublicKey(pair.PublicKey, out var read).ShouldBeTrue();
        read.ShouldBe(kind);
    }

    [Fact]
    public void Sign_OfAChallenge_IsVerifiedByThePublicKeyAlone()
    {
        using var pair = NKeyPair.Create(NKeyKind.User);
        using var other = NKeyPair.Create(NKeyKind.User);
        var data = "challenge"u8.ToArray();

        var signature = pair.Sign(data);

        NKeyPair.Verify(pair.PublicKey, data, signature).ShouldBeTrue();
        NKeyPair.Verify(pair.PublicKey, "another"u8, signature).ShouldBeFalse();
        NKeyPair.Verify(other.PublicKey, data, signature).ShouldBeFalse();
        NKeyPair.Verify(pair.PublicKey, data, signature.AsSpan(0, 63)).ShouldBeFalse();
        NKeyPair.Verify("no key", data, signature).ShouldBeFalse();
        signature[5] ^= 1;
        NKeyPair.Verify(pair.PublicKey, data, signature).ShouldBeFalse();
    }

    [Fact]
    public void ToString_OfAPair_ShowsThePublicHalfOnly()
    {
        using var pair = NKeyPair.Create(NKeyKind.User);

        pair.ToString().ShouldBe(pair.PublicKey);
        new NatsLogin.NKey(pair).ToString().ShouldBe("NKey");
        new NatsLogin.Password("me", "hunter2").ToString().ShouldBe("Password");
        $"{new NatsLogin.Token("hunter2")} {new { Login = (NatsLogin)new NatsLogin.Token("hunter2") }}".ShouldNotContain("hunter2");
    }

    [Fact]
    public void TryParseSeed_WithAnyCharacterChanged_IsFalse()
    {
        using var pair = NKeyPair.Create(NKeyKind.User);
        var seed = pair.RevealSeed();
        for (var at = 0; at < seed.Length; at++)
        {
            foreach (var c in "A7Z-0a\u00e9")
            {
                var changed = new StringBuilder(seed) { [at] = c }.ToString();
                NKeyPair.TryParseSeed(changed, out _).ShouldBe(changed == seed, changed.Remove(2, 50));
            }

            NKeyPair.TryParseSeed(seed.Remove(at, 1), out _).ShouldBeFalse();
            NKeyPair.TryParseSeed(seed.Insert(at, "A"), out _).ShouldBeFalse();
        }

        NKeyPair.TryParseSeed(string.Empty, out _).ShouldBeFalse();
        NKeyPair.TryParseSeed(pair.PublicKey, out _).ShouldBeFalse();
        NKeyPair.TryReadPublicKey(seed, out _).ShouldBeFalse();
    }

    [Fact]
    public void ParseSeed_OfNoSeed_SaysSoWithoutShowingIt() =>
        Should.Throw<FormatException>(() => NKeyPair.ParseSeed("hunter2")).Message.ShouldNotContain("hunter2");

    [Fact]
    public void TryDecodeSeed_WithAKindThatNobodyKnows_IsFalse()
    {
        var text = NKeyText.EncodeSeed((NKeyKind)(3 << 3), new byte[32]);

        NKeyPair.TryParseSeed(text, out _).ShouldBeFalse();
    }
}
