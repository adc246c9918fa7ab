using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Desired;

/// <summary>
/// Removes scores that no deployment has named for a day. The time is counted from when this process first saw one unnamed, so that a
/// restart only prolongs it; and nothing is removed while the operator has not caught up, when it does not know what is named.
/// </summary>
internal sealed partial class ScoreSweep(IBus bus, ControlOptions options, TimeProvider time, ILogger<ScoreSweep> logger)
{
    private readonly Dictionary<Digest, DateTimeOffset> unnamedSince = [];

    /// <summary>Reads which scores are stored.</summary>
    public async Task<IReadOnlyList<Digest>> ReadAsync(CancellationToken cancellationToken)
    {
        var stored = new List<Digest>();
        await foreach (var key in bus.Bucket(BucketNames.Scores).KeysAsync(cancellationToken))
        {
            if (Digest.TryParse(key, out var address))
            {
                stored.Add(address);
            }
        }

        return stored;
    }

    /// <summary>Which of the stored ones have been unnamed for long enough.</summary>
    public IReadOnlyList<Digest> Choose(IReadOnlyList<Digest> stored, Func<Digest, bool> isNamed)
    {
        var now = time.GetUtcNow();
        var unnamed = stored.Where(address => !isNamed(address)).ToHashSet();
        foreach (var named in unnamedSince.Keys.Where(address => !unnamed.Contains(address)).ToArray())
        {
            unnamedSince.Remove(named);
        }

        foreach (var address in unnamed)
        {
            unnamedSince.TryAdd(address, now);
        }

        return [.. unnamed.Where(address => now - unnamedSince[address] >= options.ScoreGrace)];
    }

    /// <summary>Removes a score.</summary>
    public async Task RemoveAsync(Digest address, CancellationToken cancellationToken)
    {
        var outcome = await bus.Bucket(BucketNames.Scores).RemoveAsync(address.Value, cancellationToken);
        LogRemoved(logger, address.Short, outcome);
    }
}
