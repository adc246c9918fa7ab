namespace Harmony.Fleet.Deploy.Outcomes;

/// <summary>What a <see cref="DeployNews"/> tells.</summary>
public enum DeployNewsKind
{
    /// <summary>Something that somebody should know.</summary>
    Note,

    /// <summary>Work on a part begins.</summary>
    Begun,

    /// <summary>A part stands.</summary>
    Done,

    /// <summary>A part does not stand.</summary>
    Failed,
}
