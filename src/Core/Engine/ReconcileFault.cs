using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Engine;

/// <summary>The engine failed over one object by a fault of its own.</summary>
/// <param name="Work">At what: only the same work, when it goes well, takes this back.</param>
/// <param name="Message">What was thrown.</param>
internal sealed record ReconcileFault(string Work, string Message)
{
    /// <summary>The work of taking in what a resource says.</summary>
    public const string See = "see";

    /// <summary>What people are told.</summary>
    public Condition ToCondition() => new()
    {
        Type = ConditionTypes.ReconcileFailed,
        Status = ConditionStatus.True,
        Reason = "InternalError",
        Message = $"The operator failed over this by a fault of its own, and tries again ({Work}: {Message}). Its log has the details.",
    };
}
