using FsCheck;
using FsCheck.Fluent;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Tests.Core.Trust;

public sealed class ScoreSealerTests
{
    [Fact]
    public void Seal_KnownScore_IsTheGoldenOne()
    {
        var score = ScoreSealer.Seal(TrustSamples.Master, TrustSamples.Plain);

        score.ScoreDigest.Value.ShouldBe(TrustSamples.ScoreDigest);
        score.Address.Value.ShouldBe(TrustSamples.ScoreAddress);
        Convert.ToBase64String(score.Key).ShouldBe(TrustSamples.ScoreKey);
        Convert.ToBase64String(score.Ciphertext).ShouldBe(TrustSamples.Ciphertext);
    }

    [Fact]
    public void Open_WhatWasSealed_GivesItBack() =>
        Prop.ForAll<byte[]>(plain =>
        {
            var score = ScoreSealer.Seal(TrustSamples.Master, plain);
            return ScoreSealer.Open(TrustSamples.Entry(score), score.Ciphertext) is UnsealOutcome.Opened opened && opened.Plain.SequenceEqual(plain);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Open_EachBitFlipped_Refuses()
    {
        var score = ScoreSealer.Seal(TrustSamples.Master, TrustSamples.Plain);
        for (var bit = 0; bit < score.Ciphertext.Length * 8; bit++)
        {
            var changed = (byte[])score.Ciphertext.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));

            ScoreSealer.Open(TrustSamples.Entry(score), changed).ShouldBeOfType<UnsealOutcome.Refused>();
            // Also where the address was made to fit: then the tag does not.
            ScoreSealer.Open(TrustSamples.Entry(score) with { Address = Digest.Of(changed) }, changed).ShouldBeOfType<UnsealOutcome.Refused>();
        }
    }

    [Fact]
    public void Open_OtherScoreThanTheDigestSays_Refuses()
    {
        var score = ScoreSealer.Seal(TrustSamples.Master, TrustSamples.Plain);
        var entry = TrustSamples.Entry(score) with { ScoreDigest = Digest.Of("other"u8) };

        ScoreSealer.Open(entry, score.Ciphertext).ShouldBeOfType<UnsealOutcome.Refused>().Reason.ShouldContain("is not");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(33)]
    public void Open_KeyOfWrongLength_Refuses(int length)
    {
        var score = ScoreSealer.Seal(TrustSamples.Master, TrustSamples.Plain);

        ScoreSealer.Open(TrustSamples.Entry(score) with { Key = new byte[length] }, score.Ciphertext).ShouldBeOfType<UnsealOutcome.Refused>()
            .Reason.ShouldBe($"the key of score {score.ScoreDigest.Short} has {length} bytes instead of 32");
    }

    [Fact]
    public void Open_WhatDoesNotFit_SaysWhatDoesNot()
    {
        var score = ScoreSealer.Seal(TrustSamples.Master, TrustSamples.Plain);
        var entry = TrustSamples.Entry(score);

        ReasonOf(entry, new byte[15]).ShouldBe("a score of 15 bytes is out of bounds");
        ReasonOf(entry, new byte[100]).ShouldBe($"the score stored at {score.Address.Short} has other bytes than its address says");
        ReasonOf(entry with { Key = new byte[32] }, score.Ciphertext).ShouldBe($"the key of score {score.ScoreDigest.Short} does not open it");
    }

    [Fact]
    public void Open_EveryTruncationAndTooMuch_Refuses()
    {
        var score = ScoreSealer.Seal(TrustSamples.Master, TrustSamples.Plain);
        for (var length = 0; length < score.Ciphertext.Length; length++)
        {
            ScoreSealer.Open(TrustSamples.Entry(score), score.Ciphertext.AsSpan(0, length)).ShouldBeOfType<UnsealOutcome.Refused>();
        }

        ScoreSealer.Open(TrustSamples.Entry(score), new byte[WireLimits.MaxScoreBytes + 17]).ShouldBeOfType<UnsealOutcome.Refused>();
    }

    [Fact]
    public void Seal_LargestScore_OpensAndFitsADocument()
    {
        var score = ScoreSealer.Seal(TrustSamples.Master, new byte[WireLimits.MaxScoreBytes]);

        score.Ciphertext.Length.ShouldBeLessThanOrEqualTo(WireLimits.MaxDocumentBytes);
        ScoreSealer.Open(TrustSamples.Entry(score), score.Ciphertext).ShouldBeOfType<UnsealOutcome.Opened>();
        Should.Throw<ArgumentOutOfRangeException>(() => ScoreSealer.Seal(TrustSamples.Master, new byte[WireLimits.MaxScoreBytes + 1]));
    }

    private static string ReasonOf(ManifestEntry entry, byte[] ciphertext) => ScoreSealer.Open(entry, ciphertext).ShouldBeOfType<UnsealOutcome.Refused>().Reason;
}
