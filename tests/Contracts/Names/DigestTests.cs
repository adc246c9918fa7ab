using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Tests.Contracts.Names;

public sealed class DigestTests
{
    [Fact]
    public void Of_Abc_IsThePublishedVector() =>
        Digest.Of("abc"u8).Value.ShouldBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

    [Theory]
    [InlineData("")]
    [InlineData("ba7816bf")]
    [InlineData("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015")]
    public void TryParse_NotHexOfSha256_False(string text) => Digest.TryParse(text, out _).ShouldBeFalse();
}
