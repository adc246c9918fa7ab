namespace Harmony.Fleet.Cli.Output;

/// <summary>How resources are shown.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>For programs.</summary>
    Json,

    /// <summary>For people and programs.</summary>
    Yaml,
}
