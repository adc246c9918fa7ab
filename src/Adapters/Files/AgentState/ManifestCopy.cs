using Harmony.Fleet.Ports.State;

namespace Harmony.Fleet.Adapters.Files.AgentState;

/// <summary>What one copy of the state turned out to be.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Manifest">What it holds; null when it is missing or damaged.</param>
/// <param name="Fault">What is wrong with it; null when it is missing or whole.</param>
internal sealed record ManifestCopy(string Path, HeldManifest? Manifest, string? Fault)
{
    /// <summary>Why it could not be read at all; null when it was.</summary>
    public Exception? Unread { get; init; }
}
