using System.Collections.Concurrent;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Ports.State;

namespace Harmony.Fleet.LoadTest.Agents;

/// <summary>An agent's state in memory: these agents start once.</summary>
internal sealed class MemoryState : IAgentStateStore
{
    private static readonly Task<SaveOutcome> Saved = Task.FromResult<SaveOutcome>(new SaveOutcome.Saved());
    private readonly ConcurrentDictionary<Digest, byte[]> scores = new();
    private HeldManifest? held;

    /// <inheritdoc/>
    public Task<StateLoad> LoadAsync(CancellationToken cancellationToken) => Task.FromResult<StateLoad>(held is null ? new StateLoad.Empty() : new StateLoad.Loaded(held, []));

    /// <inheritdoc/>
    public Task<SaveOutcome> SaveAsync(HeldManifest manifest, CancellationToken cancellationToken)
    {
        held = manifest;
        return Saved;
    }

    /// <inheritdoc/>
    public Task<byte[]?> LoadScoreAsync(Digest address, CancellationToken cancellationToken) => Task.FromResult(scores.GetValueOrDefault(address));

    /// <inheritdoc/>
    public Task<SaveOutcome> SaveScoreAsync(Digest address, ReadOnlyMemory<byte> ciphertext, CancellationToken cancellationToken)
    {
        scores[address] = ciphertext.ToArray();
        return Saved;
    }

    /// <inheritdoc/>
    public Task<SaveOutcome> SweepScoresAsync(IReadOnlySet<Digest> keep, CancellationToken cancellationToken)
    {
        foreach (var address in scores.Keys.Where(address => !keep.Contains(address)))
        {
            scores.TryRemove(address, out _);
        }

        return Saved;
    }

    /// <inheritdoc/>
    public Task<BootStart> BeginBootAsync(long floor, CancellationToken cancellationToken) => Task.FromResult(new BootStart(Math.Max(1, floor), null));
}
