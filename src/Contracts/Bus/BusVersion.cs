namespace Harmony.Fleet.Contracts.Bus;

/// <summary>The version of the documents on the bus.</summary>
public static class BusVersion
{
    /// <summary>The <c>apiVersion</c> of every document.</summary>
    public const string V1 = "fleet/v1";
}
