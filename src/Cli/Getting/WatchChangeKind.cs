namespace Harmony.Fleet.Cli.Getting;

/// <summary>What happened to a resource.</summary>
internal enum WatchChangeKind
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>It changed.</summary>
    Modified,

    /// <summary>It is gone.</summary>
    Deleted,
}
