using System.Text;
using Harmony.Fleet.Adapters.Nats.Protocol;

namespace Harmony.Fleet.Tests.Adapters.Nats.Protocol;

public sealed class NatsHeadersTests
{
    [Fact]
    public void Of_SeveralValues_WritesTheBlock()
    {
        var headers = NatsHeaders.Of("A", "1").With("b-c", "two words").With("A", string.Empty);

        Encoding.UTF8.GetString(headers.Block).ShouldBe("NATS/1.0\r\nA: 1\r\nb-c: two words\r\nA: \r\n\r\n");
        headers.Count.ShouldBe(3);
    }

    [Fact]
    public void Parsed_WhatWasWritten_IsTheSame()
    {
        var written = NatsHeaders.Of("Nats-Sequence", "18446744073709551615").With("x", "a: b").With("X", "ümlaut").With("x", "again");

        var read = Parse(Encoding.UTF8.GetString(written.Block));

        read.Entries.ShouldBe(written.Entries);
        read.GetAll("x").ShouldBe(["a: b", "again"]);
        read.Get("X").ShouldBe("ümlaut");
        read.Get("nats-sequence").ShouldBeNull("names are case-sensitive");
        read.TryGetNumber("Nats-Sequence", out var number).ShouldBeTrue();
        number.ShouldBe(ulong.MaxValue);
        read.TryGetNumber("x", out _).ShouldBeFalse();
        read.Status.ShouldBe(0);
    }

    [Theory]
    [InlineData("NATS/1.0 503\r\n\r\n", 503, null)]
    [InlineData("NATS/1.0 503 \r\n\r\n", 503, null)]
    [InlineData("NATS/1.0 100 Idle Heartbeat\r\nNats-Last-Consumer: 1\r\n\r\n", 100, "Idle Heartbeat")]
    [InlineData("NATS/1.0  408  Request Timeout \r\n\r\n", 408, "Request Timeout")]
    [InlineData("NATS/1.0\r\n\r\n", 0, null)]
    [InlineData("NATS/1.0 \r\n\r\n", 0, null)]
    public void Parsed_WithAnInlineStatus_TellsIt(string block, int status, string? text)
    {
        var headers = Parse(block);

        headers.Status.ShouldBe(status);
        headers.StatusText.ShouldBe(text);
    }

    [Theory]
    [InlineData("NATS/1.0\r\nA:1\r\n\r\n", "1")]
    [InlineData("NATS/1.0\r\nA:   1\t \r\n\r\n", "1")]
    [InlineData("NATS/1.0\r\nA:\r\n\r\n", "")]
    [InlineData("NATS/1.0\r\nA: b:c\r\n\r\n", "b:c")]
    [InlineData("NATS/1.0\r\nAA: 2\r\nA: 1\r\n\r\n", "1")]
    public void Parsed_WithAnyBlanks_GivesTheValue(string block, string value) => Parse(block).Get("A").ShouldBe(value);

    [Theory]
    [InlineData("")]
    [InlineData("NATS/1.0")]
    [InlineData("NATS/1.0\r\n")]
    [InlineData("NATS/1.0\n\n")]
    [InlineData("HTTP/1.0\r\n\r\n")]
    [InlineData("NATS/1.0 5\r\n\r\n")]
    [InlineData("NATS/1.0 abc\r\n\r\n")]
    [InlineData("NATS/1.0 -50\r\n\r\n")]
    [InlineData("NATS/1.0 5030\r\n\r\n")]
    [InlineData("NATS/1.0 099\r\n\r\n")]
    [InlineData("NATS/1.0\r\nno colon\r\n\r\n")]
    [InlineData("NATS/1.0\r\n: no name\r\n\r\n")]
    [InlineData("NATS/1.0\r\nA: 1\r\n\r\nB: 2\r\n\r\n")]
    [InlineData("NATS/1.0\r\n\r\n\r\n")]
    public void TryParse_OfABrokenBlock_IsFalse(string block) => TryParse(Encoding.UTF8.GetBytes(block)).ShouldBeFalse();

    [Fact]
    public void TryParse_BeyondTheLimits_IsFalse()
    {
        var lines = new StringBuilder("NATS/1.0\r\n").Insert(10, "A: 1\r\n", HeaderBlock.MaxValues);
        TryParse(Encoding.UTF8.GetBytes(lines + "\r\n")).ShouldBeTrue();
        TryParse(Encoding.UTF8.GetBytes(lines + "A: 1\r\n\r\n")).ShouldBeFalse();
        TryParse(Encoding.UTF8.GetBytes($"NATS/1.0\r\nA: {new string('x', HeaderBlock.MaxBytes)}\r\n\r\n")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("", "v")]
    [InlineData("a b", "v")]
    [InlineData("a:b", "v")]
    [InlineData("a\r\n", "v")]
    [InlineData("ä", "v")]
    [InlineData("a", "v\r\nInjected: yes")]
    [InlineData("a", "v\n")]
    [InlineData("a", "v\0")]
    public void Of_WhatWouldBreakTheBlock_Throws(string name, string value) => Should.Throw<ArgumentException>(() => NatsHeaders.Of(name, value));

    [Fact]
    public void TryParse_OfMutatedBlocks_NeverThrowsAndReadsBackWhatItTook()
    {
        var block = Encoding.UTF8.GetBytes("NATS/1.0 503 No Responders\r\nA: 1\r\nNats-Sequence: 12345\r\nA: two\r\n\r\n");
        for (var seed = 0; seed < 50_000; seed++)
        {
            var bytes = Mutation.Of(block, new Random(seed));
            if (NatsHeaders.TryParse(bytes, out var headers))
            {
                Assert.True(headers!.Entries.Count() == headers.Count, $"seed {seed}");
                headers.Get("A");
                headers.TryGetNumber("Nats-Sequence", out _);
            }
        }
    }

    private static bool TryParse(byte[] block) => NatsHeaders.TryParse(block, out _);

    private static NatsHeaders Parse(string block)
    {
        NatsHeaders.TryParse(Encoding.UTF8.GetBytes(block), out var headers).ShouldBeTrue();
        return headers!;
    }
}
