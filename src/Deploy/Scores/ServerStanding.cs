namespace Harmony.Fleet.Deploy.Scores;

/// <summary>A control plane that stands.</summary>
/// <param name="Nats">Its bus.</param>
/// <param name="Operator">Its operator.</param>
public sealed record ServerStanding(NatsStanding Nats, OperatorStanding Operator);
