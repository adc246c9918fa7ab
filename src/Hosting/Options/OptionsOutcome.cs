using System.Collections.Immutable;

namespace Harmony.Fleet.Hosting.Options;

/// <summary>What became of a program's settings.</summary>
/// <typeparam name="TOptions">What they are turned into.</typeparam>
public abstract record OptionsOutcome<TOptions>
{
    private OptionsOutcome()
    {
    }

    /// <summary>They can be used.</summary>
    /// <param name="Options">What they say.</param>
    public sealed record Loaded(TOptions Options) : OptionsOutcome<TOptions>;

    /// <summary>They cannot.</summary>
    /// <param name="Errors">All that is wrong with them: one sentence each, with the setting and what to do.</param>
    public sealed record Invalid(ImmutableArray<string> Errors) : OptionsOutcome<TOptions>;
}
