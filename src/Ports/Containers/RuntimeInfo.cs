namespace Harmony.Fleet.Ports.Containers;

/// <summary>What is known of a runtime.</summary>
/// <param name="Version">Its version, for example <c>4.3.1</c>.</param>
/// <param name="StorageRoot">The folder that holds images and containers.</param>
public sealed record RuntimeInfo(string Version, string StorageRoot);
