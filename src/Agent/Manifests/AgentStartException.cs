namespace Harmony.Fleet.Agent.Manifests;

/// <summary>The agent cannot start. Its message is one sentence for people, with what to do.</summary>
internal sealed class AgentStartException(string message) : Exception(message);
