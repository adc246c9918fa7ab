using System.Globalization;
using Harmony.Fleet.Adapters.Nats.Connection;

namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>Reads the last message of one subject, answered by the stream itself without the API: the only read that a device may do.</summary>
internal sealed class DirectGet(NatsConnection connection, JetStreamOptions options)
{
    /// <summary>The last message of <paramref name="subject"/>; null when the server says that there is none.</summary>
    public async ValueTask<ApiOutcome<StoredMessage?>> LastAsync(string stream, string subject, CancellationToken cancellationToken)
    {
        var ask = $"$JS.API.DIRECT.GET.{stream}.{subject}";
        var outcome = await connection.RequestAsync(ask, ReadOnlyMemory<byte>.Empty, null, options.RequestTimeout, cancellationToken);
        return outcome.IsReply
            ? Read(outcome.Message, subject)
            : new ApiOutcome<StoredMessage?>.Unavailable(RequestReasons.Of(outcome.Status, ask));
    }

    private static ApiOutcome<StoredMessage?> Read(in NatsMessage answer, string subject)
    {
        // The server puts its own headers after the stored ones, so that of several the last is true. Whoever stored the message chose the others, and its
        // inline status too: only an answer without the server's headers is the server's own "not found".
        var (stored, sequence, time) = (string.Empty, 0UL, default(DateTimeOffset));
        foreach (var (name, value) in answer.Headers?.Entries ?? [])
        {
            switch (name)
            {
                case "Nats-Subject":
                    stored = value;
                    break;
                case "Nats-Sequence":
                    _ = ulong.TryParse(value, out sequence);
                    break;
                case "Nats-Time-Stamp":
                    _ = DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
                    break;
                default:
                    break;
            }
        }

        if (stored.Length == 0)
        {
            return answer.Status == 404
                ? new ApiOutcome<StoredMessage?>.Ok(null)
                : new ApiOutcome<StoredMessage?>.Unavailable($"the server answered {answer.Status} {answer.StatusText} to a read of {subject}");
        }

        return string.Equals(stored, subject, StringComparison.Ordinal) && sequence > 0
            ? new ApiOutcome<StoredMessage?>.Ok(new StoredMessage(stored, answer.Payload, answer.Headers, sequence, time))
            : new ApiOutcome<StoredMessage?>.Unavailable($"a read of {subject} was answered with {stored}");
    }
}
