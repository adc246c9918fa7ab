using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Ports.State;

/// <summary>What an agent must still know after a power cut, with no network: its manifest, and the scores that it names.</summary>
public interface IAgentStateStore
{
    /// <summary>The held manifest.</summary>
    Task<StateLoad> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Keeps a manifest in place of the one before.</summary>
    Task<SaveOutcome> SaveAsync(HeldManifest manifest, CancellationToken cancellationToken);

    /// <summary>An encrypted score by its address, whole and unharmed; null when it is not kept.</summary>
    Task<byte[]?> LoadScoreAsync(Digest address, CancellationToken cancellationToken);

    /// <summary>Keeps an encrypted score under its address.</summary>
    Task<SaveOutcome> SaveScoreAsync(Digest address, ReadOnlyMemory<byte> ciphertext, CancellationToken cancellationToken);

    /// <summary>Lets go of every score but <paramref name="keep"/>.</summary>
    Task<SaveOutcome> SweepScoresAsync(IReadOnlySet<Digest> keep, CancellationToken cancellationToken);
}
