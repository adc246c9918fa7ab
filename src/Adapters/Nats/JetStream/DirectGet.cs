using System.Globalization;
using System.Runtime.CompilerServices;
using Harmony.Fleet.Adapters.Nats.Connection;
using NATS.Client.Core;

namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>The last message of a subject, as its stream told it.</summary>
/// <param name="Exists">Whether there is one.</param>
/// <param name="Payload">The bytes.</param>
/// <param name="Headers">Its headers, with those that the server adds.</param>
/// <param name="Sequence">Its place in the stream.</param>
/// <param name="Time">When it was stored, by the server's clock.</param>
/// <param name="Problem">Why it cannot be told whether there is one; else null.</param>
internal readonly record struct LastMessage(bool Exists, ReadOnlyMemory<byte> Payload, NatsHeaders? Headers, ulong Sequence, DateTimeOffset Time, string? Problem)
{
    /// <summary>The server says that there is none.</summary>
    public static LastMessage Missing => default;

    /// <summary>Nobody knows.</summary>
    public static LastMessage Unknown(string problem) => new(false, default, null, 0, default, problem);
}

/// <summary>
/// Reads the last message of one subject, answered by the stream itself without the API: the only read that a device may do. Its headers come as they were
/// stored; where the library refuses to read them, <see cref="MessageGet"/> is asked.
/// </summary>
internal sealed class DirectGet(NatsLink link)
{
    private readonly MessageGet _byTheApi = new(link);

    /// <summary>The last message of <paramref name="subject"/>.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<LastMessage> LastAsync(string stream, string subject, CancellationToken cancellationToken)
    {
        var ask = string.Concat("$JS.API.DIRECT.GET.", stream, ".", subject);
        var reply = await link.RequestAsync(ask, ReadOnlyMemory<byte>.Empty, null, NatsRawSerializer<byte[]>.Default, cancellationToken);
        return reply.IsReply ? Read(reply, subject)
            : reply.Status == ReplyStatus.Unreadable ? await _byTheApi.LastAsync(stream, subject, cancellationToken)
            : LastMessage.Unknown(reply.Reason(ask));
    }

    private static LastMessage Read(in Reply<byte[]> reply, string subject)
    {
        // The server puts its own headers after the stored ones, so that of several the last is true. Whoever stored the message chose the others, and its
        // inline status too: only an answer without the server's headers is the server's own "not found".
        var headers = reply.Headers;
        if (Last(headers, "Nats-Subject") is not { } stored)
        {
            return headers?.Code == 404
                ? LastMessage.Missing
                : LastMessage.Unknown($"the server answered {headers?.Code} {headers?.MessageText} to a read of {subject}");
        }

        _ = ulong.TryParse(Last(headers, "Nats-Sequence"), out var sequence);
        _ = DateTimeOffset.TryParse(Last(headers, "Nats-Time-Stamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
        return string.Equals(stored, subject, StringComparison.Ordinal) && sequence > 0
            ? new(true, reply.Data, headers, sequence, time, null)
            : LastMessage.Unknown($"a read of {subject} was answered with {stored}");
    }

    private static string? Last(NatsHeaders? headers, string name) => headers is not null && headers.TryGetValue(name, out var values) && values.Count > 0 ? values[^1] : null;
}
