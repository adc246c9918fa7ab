using System.Text;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.Adapters.Nats.Connection;

/// <summary>What the tests of the connection say again and again.</summary>
internal static class Nats
{
    /// <summary>Long enough for anything that does happen.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static CancellationToken Test => TestContext.Current.CancellationToken;

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(in NatsMessage message) => Encoding.UTF8.GetString(message.Payload.Span);

    public static NatsConnection New(NatsOptions options, TimeProvider? time = null) => new(options, time ?? TimeProvider.System, NullLogger.Instance);

    public static async Task<NatsConnection> ConnectAsync(NatsOptions options)
    {
        var connection = New(options);
        await connection.ConnectAsync(Test);
        return connection;
    }

    public static Task<NatsConnection> ConnectAsync(NatsServer server) => ConnectAsync(NatsOptions.For(server.Url));

    /// <summary>Answers every message of <paramref name="subject"/> with what <paramref name="answer"/> makes of it, until the connection ends.</summary>
    public static async Task<Task> RespondAsync(NatsConnection connection, string subject, Func<NatsMessage, ReadOnlyMemory<byte>> answer)
    {
        var subscription = await connection.SubscribeAsync(subject, null, 4096, Test);
        return Task.Run(async () =>
        {
            await foreach (var message in subscription.ReadAllAsync(Test))
            {
                await connection.PublishAsync(message.ReplyTo!, answer(message), cancellationToken: Test);
            }
        });
    }

    /// <summary>The next message.</summary>
    public static async Task<NatsMessage> NextAsync(NatsSubscription subscription)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Test);
        patience.CancelAfter(Patience);
        (await subscription.WaitToReadAsync(patience.Token)).ShouldBeTrue("the subscription ended");
        subscription.TryRead(out var message).ShouldBeTrue();
        return message;
    }

    /// <summary>Waits for the link to be up, or down.</summary>
    public static Task LinkAsync(NatsConnection connection, bool up) =>
        Eventually.HoldsAsync(() => connection.Link.IsUp == up, $"the link is {(up ? "up" : "down")}");
}
