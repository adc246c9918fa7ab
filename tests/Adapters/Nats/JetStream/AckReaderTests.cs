using System.Text;
using Harmony.Fleet.Adapters.Nats.JetStream;

namespace Harmony.Fleet.Tests.Adapters.Nats.JetStream;

public sealed class AckReaderTests
{
    [Theory]
    [InlineData("""{"stream":"KV_a","seq":42}""", nameof(AckStatus.Stored), 42UL)]
    [InlineData("""{"stream":"KV_a","domain":"hub","seq":42,"duplicate":true,"later":{"seq":1,"x":[1,2]}}""", nameof(AckStatus.Stored), 42UL)]
    [InlineData("""{"error":{"code":400,"err_code":10071,"description":"wrong last sequence: 7"},"stream":"KV_a","seq":0}""", nameof(AckStatus.Conflict), 7UL)]
    [InlineData("""{"error":{"code":400,"err_code":10164,"description":"wrong last sequence"},"stream":"KV_a","seq":0}""", nameof(AckStatus.Conflict), 0UL)]
    [InlineData("""{"error":{"code":400,"err_code":10054,"description":"message size exceeds maximum allowed"}}""", nameof(AckStatus.Rejected), 0UL)]
    [InlineData("""{"error":{"code":503,"err_code":10077,"description":"maximum bytes exceeded"},"seq":3}""", nameof(AckStatus.Unavailable), 0UL)]
    [InlineData("""{"error":{"code":503,"err_code":10039}}""", nameof(AckStatus.Unavailable), 0UL)]
    [InlineData("""{"error":{"code":"x","err_code":[1],"description":5}}""", nameof(AckStatus.Rejected), 0UL)]
    [InlineData("""{"stream":"KV_a"}""", nameof(AckStatus.Unavailable), 0UL)]
    [InlineData("""{"seq":"42"}""", nameof(AckStatus.Unavailable), 0UL)]
    [InlineData("""{"seq":-1}""", nameof(AckStatus.Unavailable), 0UL)]
    [InlineData("""{"seq":42""", nameof(AckStatus.Unavailable), 0UL)]
    [InlineData("[]", nameof(AckStatus.Unavailable), 0UL)]
    [InlineData("+ACK", nameof(AckStatus.Unavailable), 0UL)]
    [InlineData("", nameof(AckStatus.Unavailable), 0UL)]
    public void Read_OfAnAnswer_IsWhatItSays(string json, string status, ulong sequence)
    {
        var ack = AckReader.Read(Encoding.UTF8.GetBytes(json));

        (ack.Status.ToString(), ack.Sequence).ShouldBe((status, sequence));
        (ack.Reason is null).ShouldBe(status == nameof(AckStatus.Stored));
    }
}
