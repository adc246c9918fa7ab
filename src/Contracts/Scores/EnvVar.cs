namespace Harmony.Fleet.Contracts.Scores;

/// <summary>One environment variable.</summary>
public sealed record EnvVar
{
    /// <summary>Not empty; without <c>=</c> and NUL.</summary>
    public string Name { get => field ?? string.Empty; init; }

    /// <summary>The value as it is; no NUL.</summary>
    public string Value { get => field ?? string.Empty; init; }
}
