using System.Buffers;
using System.Text.Json;
using Harmony.Fleet.Adapters.Nats.Connection;
using NATS.Client.Core;

namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>
/// Reads the last message of one subject through the API of streams, which tells its headers as a value and not as headers: what a device has written there
/// cannot make the answer one that the library refuses to read. Slower than <see cref="DirectGet"/>, and needs a right that no device has.
/// </summary>
internal sealed class MessageGet(NatsLink link)
{
    private const int NoMessageFound = 10037;

    /// <summary>The last message of <paramref name="subject"/>.</summary>
    public async ValueTask<LastMessage> LastAsync(string stream, string subject, CancellationToken cancellationToken)
    {
        var ask = string.Concat("$JS.API.STREAM.MSG.GET.", stream);
        var reply = await link.RequestAsync(ask, Question(subject), null, NatsRawSerializer<byte[]>.Default, cancellationToken);
        return reply.IsReply ? Read(reply.Data ?? [], subject) : LastMessage.Unknown(reply.Reason(ask));
    }

    /// <summary>Reads an answer.</summary>
    public static LastMessage Read(ReadOnlyMemory<byte> answer, string subject)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            if (document.RootElement.TryGetProperty("error", out var error))
            {
                return error.GetProperty("err_code").GetInt32() == NoMessageFound
                    ? LastMessage.Missing
                    : LastMessage.Unknown($"the server answered {error.GetProperty("description").GetString()} to a read of {subject}");
            }

            var message = document.RootElement.GetProperty("message");
            var stored = message.GetProperty("subject").GetString();
            return string.Equals(stored, subject, StringComparison.Ordinal)
                ? new(true, Bytes(message, "data"), HeaderBlock.ToHeaders(Bytes(message, "hdrs")), message.GetProperty("seq").GetUInt64(), message.GetProperty("time").GetDateTimeOffset(), null)
                : LastMessage.Unknown($"a read of {subject} was answered with {stored}");
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return LastMessage.Unknown($"the server's answer to a read of {subject} cannot be read");
        }
    }

    private static byte[] Bytes(JsonElement message, string name) => message.TryGetProperty(name, out var value) ? value.GetBytesFromBase64() : [];

    private static ReadOnlyMemory<byte> Question(string subject)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(bytes);
        writer.WriteStartObject();
        writer.WriteString("last_by_subj"u8, subject);
        writer.WriteEndObject();
        writer.Flush();
        return bytes.WrittenMemory;
    }
}
