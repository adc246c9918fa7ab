using System.Diagnostics.CodeAnalysis;
using Harmony.Fleet.Adapters.Nats.Connection;

namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>What an ordered consumer yields.</summary>
/// <param name="Message">The message; default with <paramref name="IsIdle"/>.</param>
/// <param name="Origin">Where it comes from.</param>
/// <param name="IsIdle">The server says that it has nothing more to deliver at present.</param>
internal readonly record struct Delivery(RawMessage Message, DeliveryOrigin Origin, bool IsIdle);

/// <summary>Where a delivered message comes from, read from its reply subject.</summary>
/// <param name="StreamSequence">Its place in the stream.</param>
/// <param name="ConsumerSequence">Its place among what the consumer delivered: 1, 2, 3, ...</param>
/// <param name="Time">When it was stored, by the server's clock.</param>
/// <param name="Pending">How many more the consumer is to deliver.</param>
internal readonly record struct DeliveryOrigin(ulong StreamSequence, ulong ConsumerSequence, DateTimeOffset Time, ulong Pending)
{
    /// <summary>
    /// Reads <c>$JS.ACK.&lt;stream&gt;.&lt;consumer&gt;.&lt;delivered&gt;.&lt;stream seq&gt;.&lt;consumer seq&gt;.&lt;time&gt;.&lt;pending&gt;</c>; the newer form has domain and
    /// account before the stream, and may have more tokens at the end.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? reply, out DeliveryOrigin origin)
    {
        origin = default;
        if (reply is null || !reply.StartsWith("$JS.ACK.", StringComparison.Ordinal))
        {
            return false;
        }

        Span<Range> tokens = stackalloc Range[13];
        var text = reply.AsSpan();
        var first = text.Split(tokens, '.') switch { 9 => 5, >= 11 => 7, _ => -1 };
        if (first < 0
            || !ulong.TryParse(text[tokens[first]], out var streamSequence)
            || !ulong.TryParse(text[tokens[first + 1]], out var consumerSequence)
            || !long.TryParse(text[tokens[first + 2]], out var nanoseconds)
            || !ulong.TryParse(text[tokens[first + 3]], out var pending))
        {
            return false;
        }

        origin = new(streamSequence, consumerSequence, DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100), pending);
        return true;
    }
}
