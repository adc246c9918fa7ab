using System.Collections.Immutable;

namespace Harmony.Fleet.Agent.Hosting;

/// <summary>What became of the settings.</summary>
internal abstract record OptionsOutcome
{
    private OptionsOutcome()
    {
    }

    /// <summary>They can be used.</summary>
    /// <param name="Options">They.</param>
    public sealed record Valid(AgentOptions Options) : OptionsOutcome;

    /// <summary>They cannot.</summary>
    /// <param name="Errors">All that is wrong with them, one sentence each.</param>
    public sealed record Invalid(ImmutableArray<string> Errors) : OptionsOutcome;
}
