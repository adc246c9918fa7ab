using System.Text;
using Harmony.Fleet.Adapters.Nats.Connection;

namespace Harmony.Fleet.Tests.Adapters.Nats.Connection;

public sealed class HeaderBlockTests
{
    private const string Good = "NATS/1.0 100 Idle Heartbeat\r\nFleet-Mac-Not: x\r\nFleet-Mac:\t 1:abc= \r\nFleet-Mac: second\r\nempty:\r\n\r\n";

    [Theory]
    [InlineData(Good, 100)]
    [InlineData("NATS/1.0\r\n\r\n", 0)]
    [InlineData("NATS/1.0 503\r\n\r\n", 503)]
    [InlineData("NATS/1.0 \r\n\r\n", 0)]
    [InlineData("NATS/1.0 99999999999\r\n\r\n", 0)]
    [InlineData("NATS/2.0 100\r\n\r\n", 0)]
    [InlineData("100", 0)]
    [InlineData("", 0)]
    public void Status_OfABlock_IsTheNumberOfItsFirstLine(string block, int status) => HeaderBlock.Status(Encoding.UTF8.GetBytes(block)).ShouldBe(status);

    [Theory]
    [InlineData(Good, "1:abc=")]
    [InlineData("NATS/1.0\r\nfleet-mac: 1:abc\r\n\r\n", null)]
    [InlineData("NATS/1.0\r\nno colon\r\nFleet-Mac: 1:abc\r\n\r\n", "1:abc")]
    [InlineData("NATS/1.0\r\nFleet-Mac: cut off", null)]
    [InlineData("NATS/1.0\r\nFleet-Mac\r\n\r\n", null)]
    [InlineData("Fleet-Mac: 1:abc\r\n\r\n", null)]
    [InlineData("", null)]
    public void Find_InABlock_IsTheFirstValueOfThatName(string block, string? value) =>
        HeaderBlock.Find(Encoding.UTF8.GetBytes(block), "Fleet-Mac"u8).ShouldBe(value);

    [Fact]
    public void ToHeaders_OfABlock_AreItsWellFormedFields()
    {
        var headers = HeaderBlock.ToHeaders("NATS/1.0 404 x\r\nno colon\r\n: of nothing\r\nb : 1\r\na:\t1 \r\nA: 2\r\na: 3\r\ncut: off"u8);

        headers.Select(field => (field.Key, string.Join('|', field.Value!))).ShouldBe([("b ", "1"), ("a", "1|3"), ("A", "2")]);
        HeaderBlock.ToHeaders("no: version\r\n"u8).ShouldBeEmpty();
    }

    [Fact]
    public void Find_InAnyBytes_NeverThrowsAndIsWhatToHeadersFinds()
    {
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var block = Encoding.UTF8.GetBytes(Good).AsSpan(0, random.Next(Good.Length + 1));
            for (var change = 0; change < 4 && block.Length > 0; change++)
            {
                block[random.Next(block.Length)] = (byte)" \r\n:\0\u00ff/1"[random.Next(8)];
            }

            _ = HeaderBlock.Status(block);
            var headers = HeaderBlock.ToHeaders(block);
            (headers.TryGetValue("Fleet-Mac", out var mac) ? mac[0] : null).ShouldBe(HeaderBlock.Find(block, "Fleet-Mac"u8));
        }
    }
}
