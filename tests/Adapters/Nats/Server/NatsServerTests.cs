using System.Net.Sockets;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Nats.Server;

[Trait("Category", "Integration")]
public sealed class NatsServerTests
{
    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Server_AskedForByVersion_GreetsWithThatVersion(string version)
    {
        await using var server = await NatsServer.StartAsync(version);

        (await GreetingAsync(server)).ShouldContain($"\"version\":\"{version}.");
    }

    [Fact]
    public async Task Server_KilledAndRestarted_ListensOnTheSamePort()
    {
        await using var server = await NatsServer.StartAsync();
        await server.KillAsync();
        await Should.ThrowAsync<SocketException>(() => GreetingAsync(server));

        await server.RestartAsync();

        (await GreetingAsync(server)).ShouldStartWith("INFO ");
    }

    [Fact]
    public async Task Server_WithABadConfiguration_SaysWhy()
    {
        var problem = await Should.ThrowAsync<InvalidOperationException>(() => NatsServer.StartAsync(NatsVersions.Newest, _ => "no { such"));

        problem.Message.ShouldContain("Parse error");
    }

    private static async Task<string> GreetingAsync(NatsServer server)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", server.Port);
        using var reader = new StreamReader(client.GetStream());
        return (await reader.ReadLineAsync()).ShouldNotBeNull();
    }
}
