namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>Why no connection could be made.</summary>
public enum ConnectFailure
{
    /// <summary>Nothing answers at the address.</summary>
    Unreachable,

    /// <summary>Something took the connection, and the login was not over in time; or it has as many as it takes: the server has too much to do.</summary>
    Busy,

    /// <summary>The server did not accept who we are.</summary>
    Refused,

    /// <summary>TLS could not be agreed: certificate, name, or one side does not want it.</summary>
    Tls,

    /// <summary>What answers does not speak the NATS protocol.</summary>
    Protocol,

    /// <summary>Our own credentials could not be had or used.</summary>
    Credentials,
}

/// <summary>No connection could be made. The message is one sentence for people.</summary>
public sealed class NatsConnectException : Exception
{
    /// <summary>A failure without words.</summary>
    public NatsConnectException()
        : this("The NATS server cannot be reached.")
    {
    }

    /// <summary>A failure to reach the server.</summary>
    /// <param name="message">One sentence.</param>
    public NatsConnectException(string message)
        : this(message, null)
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
