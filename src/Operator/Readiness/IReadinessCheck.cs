namespace Harmony.Fleet.Operator.Readiness;

/// <summary>One thing that the operator needs to do its work. Every registered one is asked by <c>/readyz</c>.</summary>
internal interface IReadinessCheck
{
    /// <summary>What it is, in one word.</summary>
    string Name { get; }

    /// <summary>Whether the operator does its work all the same: then what is missing is told, and takes its readiness from nobody.</summary>
    bool IsWarning => false;

    /// <summary>What is missing, in one sentence without secrets; null when all is well. Answers at once, from what is known.</summary>
    string? Missing();
}
