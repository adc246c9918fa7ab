using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Ports.State;

/// <summary>What an agent must still know after a power cut, with no network: its manifest, the scores that it names, and how often it started.</summary>
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

    /// <summary>Begins a boot: a number larger than any before, and not below <paramref name="floor"/>, which is what is left where the last one was lost.</summary>
    Task<BootStart> BeginBootAsync(long floor, CancellationToken cancellationToken);
}

/// <summary>A start of the agent.</summary>
/// <param name="Boot">Its number.</param>
/// <param name="NotKept">Why it will not be known after a power cut, in one sentence; null where it will.</param>
public sealed record BootStart(long Boot, string? NotKept);

/// <summary>The manifest that a device holds, as it came.</summary>
/// <param name="Mark">Its generation and digest.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Mac">The MAC that came with them.</param>
public sealed record HeldManifest(ManifestMark Mark, ReadOnlyMemory<byte> Bytes, string Mac);

/// <summary>What was found of an agent's state.</summary>
public abstract record StateLoad
{
    private StateLoad()
    {
    }

    /// <summary>The held manifest.</summary>
    /// <param name="Manifest">It.</param>
    /// <param name="Mended">What was damaged and mended from the second copy, one sentence each.</param>
    public sealed record Loaded(HeldManifest Manifest, ImmutableArray<string> Mended) : StateLoad;

    /// <summary>There is none: this agent never took a manifest.</summary>
    public sealed record Empty : StateLoad;

    /// <summary>There was one, and no copy of it can be read. What stands on the device must stay as it is.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Corrupt(string Reason) : StateLoad;

    /// <summary>It cannot be told: the folder cannot be read.</summary>
    /// <param name="Reason">One sentence, with what to do.</param>
    public sealed record Unreadable(string Reason) : StateLoad;
}

/// <summary>What became of state that was to be kept.</summary>
public abstract record SaveOutcome
{
    private SaveOutcome()
    {
    }

    /// <summary>It survives a power cut from now on.</summary>
    public sealed record Saved : SaveOutcome;

    /// <summary>It could not be kept; what was kept before still is.</summary>
    /// <param name="Reason">One sentence, with what to do.</param>
    public sealed record Failed(string Reason) : SaveOutcome;
}
