namespace Harmony.Fleet.Cli.Server;

/// <summary>Which resources of a kind.</summary>
/// <param name="Namespace">The namespace; null for all, and for kinds without one.</param>
/// <param name="Selector">A label selector in text form; null for all.</param>
internal sealed record Scope(string? Namespace, string? Selector = null);
