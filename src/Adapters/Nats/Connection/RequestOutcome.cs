namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>What became of a request. A value type: requests are pipelined by the ten thousand.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Message">The answer; only with <see cref="RequestStatus.Replied"/>.</param>
public readonly record struct RequestOutcome(RequestStatus Status, NatsMessage Message)
{
    /// <summary>Whether an answer came.</summary>
    public bool IsReply => Status == RequestStatus.Replied;

    /// <summary>An ending without an answer.</summary>
    internal static RequestOutcome Of(RequestStatus status) => new(status, default);
}
