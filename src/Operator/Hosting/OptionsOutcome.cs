using System.Collections.Immutable;

namespace Harmony.Fleet.Operator.Hosting;

/// <summary>What became of operator.json.</summary>
internal abstract record OptionsOutcome
{
    private OptionsOutcome()
    {
    }

    /// <summary>It is valid.</summary>
    /// <param name="Options">What it says.</param>
    public sealed record Loaded(OperatorOptions Options) : OptionsOutcome;

    /// <summary>It is not.</summary>
    /// <param name="Errors">All that is wrong, each one sentence with the setting and what to do.</param>
    public sealed record Invalid(ImmutableArray<string> Errors) : OptionsOutcome;
}
