namespace Harmony.Fleet.Deploy.Scores;

/// <summary>How a deployment goes on.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Part">To which part, for example <c>operator</c>; empty for the whole.</param>
/// <param name="Text">More, in words; may be empty.</param>
public sealed record DeployNews(DeployNewsKind Kind, string Part, string Text)
{
    /// <summary>Work on a part begins; told again, with more words, it goes on.</summary>
    public static DeployNews Begun(string part) => new(DeployNewsKind.Begun, part, string.Empty);

    /// <summary>A part stands.</summary>
    public static DeployNews Done(string part, string text) => new(DeployNewsKind.Done, part, text);

    /// <summary>A part does not stand.</summary>
    public static DeployNews Failed(string part, string text) => new(DeployNewsKind.Failed, part, text);

    /// <summary>Something that somebody should know.</summary>
    public static DeployNews Note(string text) => new(DeployNewsKind.Note, string.Empty, text);
}

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
