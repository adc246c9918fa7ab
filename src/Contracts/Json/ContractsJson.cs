namespace Harmony.Fleet.Contracts.Json;

/// <summary>The contracts' JSON contexts, one for each boundary.</summary>
public static class ContractsJson
{
    /// <summary>Resources, as the API and the stores hold them.</summary>
    public static ResourceJson Resources => ResourceJson.Default;

    /// <summary>Documents on the bus.</summary>
    public static BusJson Bus => BusJson.Default;

    /// <summary>Scores, strictly.</summary>
    public static ScoreJson Scores => ScoreJson.Default;

    /// <summary>What the API speaks beside resources.</summary>
    public static ApiJson Api => ApiJson.Default;
}
