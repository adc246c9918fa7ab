using Harmony.Fleet.Adapters.Nats.Credentials;

namespace Harmony.Fleet.Tests.Adapters.Nats.Credentials;

public sealed class UserCredentialsTests
{
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void TryParse_OfACredsFile_GivesJwtAndKey(string lineEnd)
    {
        using var pair = NKeyPair.Create(NKeyKind.User);

        UserCredentials.TryParse(Text("aGVhZA.Ym9keQ.c2ln-_", pair.RevealSeed()).ReplaceLineEndings(lineEnd), out var credentials).ShouldBeTrue();

        using (credentials)
        {
            credentials!.Jwt.ShouldBe("aGVhZA.Ym9keQ.c2ln-_");
            credentials.Pair.PublicKey.ShouldBe(pair.PublicKey);
            credentials.ToString().ShouldBe(pair.PublicKey);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN NATS USER JWT-----\nabc\n------END NATS USER JWT------\n")]
    [InlineData("------END NATS USER JWT------\nabc\n-----BEGIN NATS USER JWT-----\n")]
    public void TryParse_OfHalfAFile_IsFalse(string text) => UserCredentials.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void TryParse_WithABrokenPart_IsFalse()
    {
        using var pair = NKeyPair.Create(NKeyKind.User);

        UserCredentials.TryParse(Text("two words", pair.RevealSeed()), out _).ShouldBeFalse();
        UserCredentials.TryParse(Text(string.Empty, pair.RevealSeed()), out _).ShouldBeFalse();
        UserCredentials.TryParse(Text("jwt", pair.PublicKey), out _).ShouldBeFalse();
        UserCredentials.TryParse(Text(new string('x', UserCredentials.MaxLength), pair.RevealSeed()), out _).ShouldBeFalse();
    }

    private static string Text(string jwt, string seed) => $"""
        -----BEGIN NATS USER JWT-----
        {jwt}
        ------END NATS USER JWT------

        ************************* IMPORTANT *************************
        -----BEGIN USER NKEY SEED-----
        {seed}
        ------END USER NKEY SEED------

        """;
}
