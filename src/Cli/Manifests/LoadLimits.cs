namespace Harmony.Fleet.Cli.Manifests;

/// <summary>How much of a file is taken.</summary>
internal static class LoadLimits
{
    /// <summary>The largest file, in bytes.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>The deepest nesting; that of the API.</summary>
    public const int MaxDepth = Contracts.Bus.WireLimits.MaxJsonDepth;

    /// <summary>The most values of a file, those repeated by aliases counted each time.</summary>
    public const int MaxNodes = 200_000;

    /// <summary>The most documents of one call.</summary>
    public const int MaxDocuments = 10_000;
}
