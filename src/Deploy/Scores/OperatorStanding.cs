namespace Harmony.Fleet.Deploy.Scores;

/// <summary>An operator that stands and is ready.</summary>
/// <param name="Url">Its API.</param>
/// <param name="TokenFile">The file with the token that API calls present.</param>
public sealed record OperatorStanding(Uri Url, string TokenFile);
