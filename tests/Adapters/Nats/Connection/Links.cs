using System.Text;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.Core;

namespace Harmony.Fleet.Tests.Adapters.Nats.Connection;

/// <summary>What the tests of the connection say again and again.</summary>
internal static class Links
{
    /// <summary>Long enough for anything that does happen.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static CancellationToken Test => TestContext.Current.CancellationToken;

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(in RawMessage message) => Encoding.UTF8.GetString(message.Payload.Span);

    public static string Text(byte[] payload) => Encoding.UTF8.GetString(payload);

    public static NatsLink New(NatsOptions options, TimeProvider? time = null, ILogger? logger = null) => new(options, time ?? TimeProvider.System, logger ?? NullLogger.Instance);

    public static async Task<NatsLink> ConnectAsync(NatsOptions options)
    {
        var link = New(options);
        await link.ConnectAsync(Test);
        return link;
    }

    public static Task<NatsLink> ConnectAsync(NatsServer server) => ConnectAsync(NatsOptions.For(server.Url));

    public static ValueTask<Reply<byte[]>> AskAsync(this NatsLink link, string subject, string payload = "", CancellationToken? cancellationToken = null) =>
        link.RequestAsync(subject, Bytes(payload), null, NatsRawSerializer<byte[]>.Default, cancellationToken ?? Test);

    public static ValueTask<Ports.Bus.PublishOutcome> SendAsync(this NatsLink link, string subject, string payload = "") => link.PublishAsync(subject, Bytes(payload), null, Test);

    /// <summary>The next message.</summary>
    public static async Task<RawMessage> NextAsync(Subscription subscription)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Test);
        patience.CancelAfter(Patience);
        (await subscription.WaitToReadAsync(patience.Token)).ShouldBeTrue("the subscription ended");
        subscription.TryRead(out var message).ShouldBeTrue();
        return message;
    }

    /// <summary>Waits for the link to be up, or down.</summary>
    public static Task LinkAsync(NatsLink link, bool up) => Eventually.HoldsAsync(() => link.Link.IsUp == up, $"the link is {(up ? "up" : "down")}");
}
