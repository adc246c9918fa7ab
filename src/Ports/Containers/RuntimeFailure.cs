namespace Harmony.Fleet.Ports.Containers;

/// <summary>Why a runtime could not do it.</summary>
/// <param name="Kind">Whether to try again.</param>
/// <param name="Message">One sentence for people, with what to do where that is known.</param>
public sealed record RuntimeFailure(RuntimeFailureKind Kind, string Message);
