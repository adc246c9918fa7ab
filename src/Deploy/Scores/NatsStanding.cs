namespace Harmony.Fleet.Deploy.Scores;

/// <summary>A NATS server that stands and answers.</summary>
/// <param name="Url">Where.</param>
public sealed record NatsStanding(string Url);
