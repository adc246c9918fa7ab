namespace Harmony.Fleet.Ports.Bus;

/// <summary>A subscription; disposing it ends it.</summary>
public interface ISubscription : IAsyncDisposable
{
    /// <summary>How many messages were dropped because the reader was slow: read the truth again when it grows.</summary>
    long Dropped { get; }

    /// <summary>The messages, from a bounded buffer. One reader.</summary>
    IAsyncEnumerable<BusMessage> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>A message of a subscription.</summary>
/// <param name="Subject">Where it was sent.</param>
/// <param name="Payload">The bytes; the reader's own.</param>
/// <param name="Headers">Its headers.</param>
public readonly record struct BusMessage(string Subject, ReadOnlyMemory<byte> Payload, BusHeaders Headers);

/// <summary>The headers of a message that the fleet uses: one, the MAC.</summary>
/// <param name="Mac">The value of <c>Fleet-Mac</c>: <c>&lt;key epoch&gt;:&lt;base64&gt;</c>; null where there is none.</param>
public readonly record struct BusHeaders(string? Mac)
{
    /// <summary>The header's name.</summary>
    public const string MacName = "Fleet-Mac";

    /// <summary>No header.</summary>
    public static BusHeaders None => default;
}
