namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>Why no connection could be made.</summary>
public enum ConnectFailure
{
    /// <summary>Nothing answers at the address, or not in time.</summary>
    Unreachable,

    /// <summary>The server did not accept who we are.</summary>
    Refused,

    /// <summary>TLS could not be agreed: certificate, name, or one side does not want it.</summary>
    Tls,

    /// <summary>What answers does not speak the NATS protocol.</summary>
    Protocol,

    /// <summary>Our own credentials could not be had or used.</summary>
    Credentials,
}
