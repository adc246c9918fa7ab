namespace Harmony.Fleet.Cli.Server;

/// <summary>Which log, and how much of it.</summary>
/// <param name="Namespace">The deployment's namespace.</param>
/// <param name="Deployment">The deployment's name.</param>
/// <param name="Container">The container; null for the only, or the first one.</param>
/// <param name="Tail">How many of the last lines; null for the API's default.</param>
/// <param name="Follow">Whether to go on with new lines.</param>
internal sealed record LogQuery(string Namespace, string Deployment, string? Container, int? Tail, bool Follow);
