using System.Text;
using Harmony.Fleet.Adapters.Nats.JetStream;

namespace Harmony.Fleet.Tests.Adapters.Nats.JetStream;

public sealed class MessageGetTests
{
    private const string Subject = "$KV.things.evil";

    [Fact]
    public void Read_OfAStoredMessage_IsItsBytes()
    {
        var read = Read("""{"message":{"subject":"$KV.things.evil","seq":7,"hdrs":"TkFUUy8xLjANCkZsZWV0LU1hYzogMTp4DQoNCg==","data":"dmFsdWU=","time":"2026-11-26T12:00:00.5Z"}}""");

        read.ShouldSatisfyAllConditions(
            () => read.Problem.ShouldBeNull(),
            () => read.Exists.ShouldBeTrue(),
            () => read.Sequence.ShouldBe(7UL),
            () => read.Payload.ToArray().ShouldBe("value"u8.ToArray()),
            () => read.Headers!["Fleet-Mac"].ToString().ShouldBe("1:x"),
            () => read.Time.ShouldBe(new DateTimeOffset(2026, 11, 26, 12, 0, 0, 500, TimeSpan.Zero)));
    }

    [Fact]
    public void Read_OfNoMessage_IsMissing() =>
        Read("""{"error":{"code":404,"err_code":10037,"description":"no message found"}}""").ShouldBe(LastMessage.Missing);

    [Theory]
    [InlineData("""{"error":{"code":404,"err_code":10059,"description":"stream not found"}}""", "stream not found")]
    [InlineData("""{"error":{"code":503}}""", "cannot be read")]
    [InlineData("""{"error":7}""", "cannot be read")]
    [InlineData("""{"message":{"subject":"$KV.things.other","seq":7,"time":"2026-11-26T12:00:00Z"}}""", "answered with $KV.things.other")]
    [InlineData("""{"message":{"subject":"$KV.things.evil","seq":-7,"time":"2026-11-26T12:00:00Z"}}""", "cannot be read")]
    [InlineData("""{"message":{"subject":"$KV.things.evil","seq":7,"time":"once"}}""", "cannot be read")]
    [InlineData("""{"message":{"subject":"$KV.things.evil","seq":7,"data":"%","time":"2026-11-26T12:00:00Z"}}""", "cannot be read")]
    [InlineData("""{"message":null}""", "cannot be read")]
    [InlineData("""[]""", "cannot be read")]
    [InlineData("", "cannot be read")]
    public void Read_OfAnythingElse_IsAProblem(string answer, string problem)
    {
        var read = Read(answer);
        read.Exists.ShouldBeFalse();
        read.Problem.ShouldNotBeNull().ShouldContain(problem);
    }

    private static LastMessage Read(string answer) => MessageGet.Read(Encoding.UTF8.GetBytes(answer), Subject);
}
