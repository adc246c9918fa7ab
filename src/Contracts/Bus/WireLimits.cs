namespace Harmony.Fleet.Contracts.Bus;

/// <summary>Sizes and counts that every side holds to.</summary>
public static class WireLimits
{
    /// <summary>The largest document on the bus, in bytes.</summary>
    public const int MaxDocumentBytes = 64 * 1024;

    /// <summary>The largest plain score, in bytes; its ciphertext is a little larger.</summary>
    public const int MaxScoreBytes = 56 * 1024;

    /// <summary>The deepest nesting of a JSON document.</summary>
    public const int MaxJsonDepth = 32;

    /// <summary>The most deployments on one device.</summary>
    public const int MaxDeploymentsPerDevice = 64;

    /// <summary>The most containers in one score.</summary>
    public const int MaxContainersPerScore = 16;

    /// <summary>The longest error text in a report, in bytes of UTF-8.</summary>
    public const int MaxErrorBytes = 512;

    /// <summary>The most labels that a device may report.</summary>
    public const int MaxReportedLabels = 64;

    /// <summary>Terms and counters of generations are below 2^53, so that every JSON reader holds them exactly.</summary>
    public const long MaxGenerationPart = (1L << 53) - 1;
}

/// <summary>The version of the documents on the bus.</summary>
public static class BusVersion
{
    /// <summary>The <c>apiVersion</c> of every document.</summary>
    public const string V1 = "fleet/v1";
}
