using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Nats.Connection;

/// <summary>What waits for a reader that does not come, from a server that the test plays by hand.</summary>
public sealed class SubscriptionTests
{
    private const int MessageBytes = 100 * 1024;
    private const int HeaderBytes = 60 * 1024;

    [Fact]
    public Task Unread_HeadersAlone_AreCounted() => HoldsFourAsync(HeaderBytes, "");

    [Fact]
    public Task Unread_HeadersThatCannotBeRead_AreCounted() => HoldsFourAsync(MessageBytes, "");

    [Fact]
    public Task Unread_Payload_IsCounted() => HoldsFourAsync(HeaderBytes, new string('x', MessageBytes - HeaderBytes));

    /// <summary>Offers ten messages to a subscription that may hold little more than four: six are dropped, and there is room again for each that is read.</summary>
    private static async Task HoldsFourAsync(int headerBytes, string payload)
    {
        using var server = new FakeServer();
        await using var link = Links.New(NatsOptions.For(server.Url) with { SubscriptionBytes = (headerBytes + payload.Length) * 9 / 2 });
        await using var unread = await link.SubscribeAsync("s", 100, Links.Test);
        link.Start();
        using var peer = await server.WelcomeAsync();
        var sid = peer.SidOf("s");
        var message = $"HMSG s {sid} {headerBytes} {headerBytes + payload.Length}\r\n{Headers(headerBytes)}{payload}\r\n";
        for (var i = 0; i < 10; i++)
        {
            await peer.SendAsync(message);
        }

        await Eventually.HoldsAsync(() => unread.Dropped == 6, $"six are dropped, not {unread.Dropped}", TimeSpan.FromSeconds(20));
        for (var i = 0; i < 4; i++)
        {
            (await Links.NextAsync(unread)).Payload.Length.ShouldBe(payload.Length);
        }

        await peer.SendAsync(message);
        await Links.NextAsync(unread);
        unread.Dropped.ShouldBe(6);
    }

    private static string Headers(int length)
    {
        const string Begin = "NATS/1.0\r\nA: ";
        const string End = "\r\n\r\n";
        return Begin + new string('a', length - Begin.Length - End.Length) + End;
    }
}
