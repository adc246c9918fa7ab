namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>No connection could be made. The message is one sentence for people.</summary>
public sealed class NatsConnectException : Exception
{
    /// <summary>A failure without words.</summary>
    public NatsConnectException()
        : this(ConnectFailure.Unreachable, "The NATS server cannot be reached.")
    {
    }

    /// <summary>A failure to reach the server.</summary>
    /// <param name="message">One sentence.</param>
    public NatsConnectException(string message)
        : this(ConnectFailure.Unreachable, message)
    {
    }

    /// <summary>A failure to reach the server.</summary>
    /// <param name="message">One sentence.</param>
    /// <param name="innerException">What was seen.</param>
    public NatsConnectException(string message, Exception? innerException)
        : this(ConnectFailure.Unreachable, message, innerException)
    {
    }

    /// <summary>A failure of one kind.</summary>
    /// <param name="kind">Why.</param>
    /// <param name="message">One sentence.</param>
    /// <param name="innerException">What was seen.</param>
    public NatsConnectException(ConnectFailure kind, string message, Exception? innerException = null)
        : base(message, innerException) => Kind = kind;

    /// <summary>Why.</summary>
    public ConnectFailure Kind { get; }
}
