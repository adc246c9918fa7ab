using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Engine;

/// <summary>The engine failed over one object by a fault of its own.</summary>
/// <param name="Work">At what: only the same work, when it goes well, takes this back.</param>
/// <param name="Message">What was thrown.</param>
internal sealed record ReconcileFault(string Work, string Message)
{
    /// <summary>The work of taking in what a resource says.</summary>
    public const string See = "see";

    /// <summary>The work of judging whether its removal from devices is held.</summary>
    public const string Judge = "judge";

    /// <summary>The work of letting go of a version of before.</summary>
    public const string Release = "release";

    /// <summary>The work of taking it out of the manifests.</summary>
    public const string Leave = "leave";

    /// <summary>What people are told.</summary>
    public Condition ToCondition() => new()
    {
        Type = ConditionTypes.ReconcileFailed,
        Status = ConditionStatus.True,
        Reason = "InternalError",
        Message = $"The operator failed over this by a fault of its own, and tries again ({Work}: {Message}). Its log has the details.",
    };
}
