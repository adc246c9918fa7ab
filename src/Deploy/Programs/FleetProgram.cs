namespace Harmony.Fleet.Deploy.Programs;

/// <summary>The programs that a fleet is made of.</summary>
public enum FleetProgram
{
    /// <summary>nats-server, 2.10 or newer.</summary>
    NatsServer,

    /// <summary>Podman with what it needs to run containers.</summary>
    Podman,

    /// <summary>The system's SQLite library, in which the operator keeps its resources.</summary>
    Sqlite,

    /// <summary>The operator.</summary>
    Operator,

    /// <summary>The agent.</summary>
    Agent,
}
