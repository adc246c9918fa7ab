namespace Harmony.Fleet.Adapters.Nats.Credentials;

/// <summary>What an nkey stands for; the value is its prefix byte, which makes the first letter of its text.</summary>
public enum NKeyKind
{
    /// <summary>An account: <c>A</c>.</summary>
    Account = 0,

    /// <summary>A server: <c>N</c>.</summary>
    Server = 13 << 3,

    /// <summary>An operator of servers: <c>O</c>.</summary>
    Operator = 14 << 3,

    /// <summary>A user: <c>U</c>.</summary>
    User = 20 << 3,
}
