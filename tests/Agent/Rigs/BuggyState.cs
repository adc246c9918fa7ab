using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Ports.State;

namespace Harmony.Fleet.Tests.Agent.Rigs;

/// <summary>State whose first write of a manifest meets a bug.</summary>
internal sealed class BuggyState(IAgentStateStore inner) : IAgentStateStore
{
    private int saves;

    public Task<StateLoad> LoadAsync(CancellationToken cancellationToken) => inner.LoadAsync(cancellationToken);

    public Task<SaveOutcome> SaveAsync(HeldManifest manifest, CancellationToken cancellationToken) =>
        Interlocked.Increment(ref saves) == 1 ? throw new InvalidOperationException("A bug.") : inner.SaveAsync(manifest, cancellationToken);

    public Task<byte[]?> LoadScoreAsync(Digest address, CancellationToken cancellationToken) => inner.LoadScoreAsync(address, cancellationToken);

    public Task<SaveOutcome> SaveScoreAsync(Digest address, ReadOnlyMemory<byte> ciphertext, CancellationToken cancellationToken) =>
        inner.SaveScoreAsync(address, ciphertext, cancellationToken);

    public Task<SaveOutcome> SweepScoresAsync(IReadOnlySet<Digest> keep, CancellationToken cancellationToken) => inner.SweepScoresAsync(keep, cancellationToken);

    public Task<BootStart> BeginBootAsync(long floor, CancellationToken cancellationToken) => inner.BeginBootAsync(floor, cancellationToken);
}
