namespace Harmony.Fleet.Cli.Applying;

/// <summary>What became of an applied resource.</summary>
internal enum ApplyVerb
{
    /// <summary>It is new.</summary>
    Created,

    /// <summary>It was there and is now as asked.</summary>
    Configured,

    /// <summary>It was as asked already.</summary>
    Unchanged,
}
