namespace Harmony.Fleet.Deploy.NatsServers;

/// <summary>The two accounts. Whoever is in one sees of the other only what is exported and imported.</summary>
public static class AccountNames
{
    /// <summary>Holds every stream and the operator.</summary>
    public const string Control = "CTRL";

    /// <summary>Holds the devices, and no stream: a device's reply subject can never be one that a stream listens on.</summary>
    public const string Devices = "DEV";
}
