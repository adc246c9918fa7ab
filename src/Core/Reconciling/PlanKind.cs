namespace Harmony.Fleet.Core.Reconciling;

/// <summary>What a deployment's plan comes to.</summary>
public enum PlanKind
{
    /// <summary>The deployment is gone: its containers go.</summary>
    Remove,

    /// <summary>Containers that are missing are made.</summary>
    Install,

    /// <summary>Containers that differ are replaced.</summary>
    Replace,

    /// <summary>Containers that stand still are started.</summary>
    Start,
}
