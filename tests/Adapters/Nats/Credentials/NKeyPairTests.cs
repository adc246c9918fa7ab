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
    }

    [Fact]
    public void ParseSeed_OfAKnownOne_HasTheKnownPublicKey()
    {
        using var pair = NKeyPair.ParseSeed("SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY");

        pair.PublicKey.ShouldBe("UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4");
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
            foreach (var c in "A7Z-0a\u00e9\u4e2d")
            {
                var changed = new StringBuilder(seed) { [at] = c }.ToString();
                NKeyPair.TryParseSeed(changed, out _).ShouldBe(changed == seed, changed.Remove(2, 50));
            }

            NKeyPair.TryParseSeed(seed.Remove(at, 1), out _).ShouldBeFalse();
            NKeyPair.TryParseSeed(seed.Insert(at, "A"), out _).ShouldBeFalse();
        }

        NKeyPair.TryParseSeed(string.Empty, out _).ShouldBeFalse();
        NKeyPair.TryParseSeed(pair.PublicKey, out _).ShouldBeFalse();
    }

    [Fact]
    public void TryParseSeed_OfAnyCharacters_NeverThrows()
    {
        var random = new Random(11);
        using var pair = NKeyPair.Create(NKeyKind.User);
        for (var round = 0; round < 20_000; round++)
        {
            var text = pair.RevealSeed().ToCharArray();
            for (var change = 0; change < 3; change++)
            {
                text[random.Next(text.Length)] = (char)random.Next(round % 2 == 0 ? 128 : 0x10000);
            }

            _ = NKeyPair.TryParseSeed(text, out _);
        }
    }

    [Fact]
    public void TryParseSeed_OfAKindThatTheFleetDoesNotUse_IsFalse()
    {
        using var cluster = NATS.NKeys.KeyPair.CreatePair(NATS.NKeys.PrefixByte.Cluster);

        NKeyPair.TryParseSeed(cluster.GetSeed(), out _).ShouldBeFalse();
    }

    [Fact]
    public void ParseSeed_OfNoSeed_SaysSoWithoutShowingIt() =>
        Should.Throw<FormatException>(() => NKeyPair.ParseSeed("hunter2")).Message.ShouldNotContain("hunter2");
}
