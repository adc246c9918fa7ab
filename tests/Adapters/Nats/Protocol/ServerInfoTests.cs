using System.Text;
using Harmony.Fleet.Adapters.Nats.Protocol;

namespace Harmony.Fleet.Tests.Adapters.Nats.Protocol;

public sealed class ServerInfoTests
{
    [Fact]
    public void TryParse_OfAnInfo_ReadsWhatCounts()
    {
        var info = ServerInfo.TryParse("""
            {"server_id":"ND1","server_name":"n","version":"2.10.27","headers":true,"max_payload":1048576,"jetstream":true,"client_id":7,"domain":"hub",
             "nonce":"abc","tls_required":true,"ldm":true,"connect_urls":["10.0.0.1:4222"],"something_new":{"x":[1]}}
            """u8);

        info.ShouldNotBeNull();
        (info.ServerId, info.Version, info.MaxPayload, info.ClientId, info.Domain, info.Nonce).ShouldBe(("ND1", "2.10.27", 1048576, 7UL, "hub", "abc"));
        (info.Headers, info.JetStream, info.TlsRequired, info.LameDuck, info.AuthRequired).ShouldBe((true, true, true, true, false));
        info.ConnectUrls.ShouldBe(["10.0.0.1:4222"]);
    }

    [Fact]
    public void TryParse_OfAnEmptyObject_HasNoNulls()
    {
        var info = ServerInfo.TryParse("{}"u8)!;

        (info.ServerId, info.ServerName, info.Version, info.Nonce, info.Domain).ShouldBe((string.Empty, string.Empty, string.Empty, string.Empty, string.Empty));
        info.ConnectUrls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"max_payload\":\"large\"}")]
    [InlineData("{\"max_payload\":99999999999999999999}")]
    [InlineData("{\"x\":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}")]
    public void TryParse_OfWhatIsNoInfo_IsNull(string json) => ServerInfo.TryParse(Encoding.UTF8.GetBytes(json)).ShouldBeNull();
}
