namespace Harmony.Fleet.Ports.Containers;

/// <summary>A result without a value.</summary>
public readonly record struct Done;
