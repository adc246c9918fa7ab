using System.Text;
using Harmony.Fleet.Adapters.Nats.JetStream;

namespace Harmony.Fleet.Tests.Adapters.Nats.JetStream;

public sealed class AckReaderTests
{
    [Theory]
    [InlineData("""{"stream":"KV_a","seq":42}""", AckStatus.Stored, 42UL)]
    [InlineData("""{"stream":"KV_a","domain":"hub","seq":42,"duplicate":true,"later":{"seq":1,"x":[1,2]}}""", AckStatus.Stored, 42UL)]
    [InlineData("""{"error":{"code":400,"err_code":10071,"description":"wrong last sequence: 7"},"stream":"KV_a","seq":0}""", AckStatus.Conflict, 7UL)]
    [InlineData("""{"error":{"code":400,"err_code":10164,"description":"wrong last sequence"},"stream":"KV_a","seq":0}""", AckStatus.Conflict, 0UL)]
    [InlineData("""{"error":{"code":400,"err_code":10054,"description":"message size exceeds maximum allowed"}}""", AckStatus.Rejected, 0UL)]
    [InlineData("""{"error":{"code":503,"err_code":10077,"description":"maximum bytes exceeded"},"seq":3}""", AckStatus.Unavailable, 0UL)]
    [InlineData("""{"error":{"code":503,"err_code":10039}}""", AckStatus.Unavailable, 0UL)]
    [InlineData("""{"error":{"code":"x","err_code":[1],"description":5}}""", AckStatus.Rejected, 0UL)]
    [InlineData("""{"stream":"KV_a"}""", AckStatus.Unavailable, 0UL)]
    [InlineData("""{"seq":"42"}""", AckStatus.Unavailable, 0UL)]
    [InlineData("""{"seq":-1}""", AckStatus.Unavailable, 0UL)]
    [InlineData("""{"seq":42""", AckStatus.Unavailable, 0UL)]
    [InlineData("[]", AckStatus.Unavailable, 0UL)]
    [InlineData("+ACK", AckStatus.Unavailable, 0UL)]
    [InlineData("", AckStatus.Unavailable, 0UL)]
    public void Read_OfAnAnswer_IsWhatItSays(string json, AckStatus status, ulong sequence)
    {
        var ack = AckReader.Read(Encoding.UTF8.GetBytes(json));

        (ack.Status, ack.Sequence).ShouldBe((status, sequence));
        (ack.Reason is null).ShouldBe(status == AckStatus.Stored);
    }
}
