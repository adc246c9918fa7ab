using System.Buffers;
using System.Text.Json;
using NATS.Client.Core;

namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>Reads acknowledgements out of the receive buffer, without making objects of those that say yes.</summary>
internal sealed class AckReader : INatsDeserialize<Ack>
{
    private static readonly Ack _unreadable = Ack.Unavailable("an acknowledgement that cannot be read");

    private AckReader()
    {
    }

    /// <summary>The reader.</summary>
    public static AckReader Instance { get; } = new();

    /// <inheritdoc/>
    public Ack Deserialize(in ReadOnlySequence<byte> buffer) => Read(buffer.IsSingleSegment ? buffer.FirstSpan : buffer.ToArray());

    /// <summary>Reads one.</summary>
    public static Ack Read(ReadOnlySpan<byte> payload)
    {
        try
        {
            var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 8 });
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? ReadFields(ref reader) : _unreadable;
        }
        catch (JsonException)
        {
            return _unreadable;
        }
    }

    private static Ack ReadFields(ref Utf8JsonReader reader)
    {
        ulong sequence = 0;
        Ack? refused = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isSequence = reader.ValueTextEquals("seq"u8);
            var isError = reader.ValueTextEquals("error"u8);
            reader.Read();
            if (isSequence && reader.TokenType == JsonTokenType.Number)
            {
                reader.TryGetUInt64(out sequence);
            }
            else if (isError && reader.TokenType == JsonTokenType.StartObject)
            {
                refused = ReadError(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return refused ?? (sequence > 0 ? Ack.Stored(sequence) : _unreadable);
    }

    private static Ack ReadError(ref Utf8JsonReader reader)
    {
        var (code, errCode, description) = (0, 0, (string?)null);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "code" when reader.TokenType == JsonTokenType.Number:
                    reader.TryGetInt32(out code);
                    break;
                case "err_code" when reader.TokenType == JsonTokenType.Number:
                    reader.TryGetInt32(out errCode);
                    break;
                case "description" when reader.TokenType == JsonTokenType.String:
                    description = reader.GetString();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return Ack.Refused(code, errCode, description);
    }
}
