using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Executors;

/// <summary>
/// Tells of effects that failed, and are tried again: of each sort the first of a second in full, and then how many, so that a bus or a store which refuses a whole fleet's writes is
/// a few lines. For several threads.
/// </summary>
internal sealed partial class FailureLog
{
    private readonly LogCollapse<(DeviceId Device, Generation Generation, ulong Revision)> conflicts;
    private readonly LogCollapse<(DeviceId Device, Generation Generation, PutOutcome Outcome)> manifests;
    private readonly LogCollapse<(Digest Address, PutOutcome Outcome)> scores;
    private readonly LogCollapse<(FleetEffect Effect, string Reason)> undone;
    private readonly LogCollapse<(FleetEffect Effect, Exception Error)> unexpected;

    public FailureLog(TimeProvider time, ILogger<FailureLog> logger)
    {
        conflicts = new(
            1, time, it => LogConflict(logger, it.Device, it.Generation, it.Revision), (count, it) => LogConflicts(logger, count, it.Generation, it.Device));
        manifests = new(
            1, time, it => LogNotStored(logger, it.Device, it.Generation, it.Outcome), (count, it) => LogManyNotStored(logger, count, it.Generation, it.Device, it.Outcome));
        scores = new(
            1, time, it => LogScoreNotStored(logger, it.Address.Short, it.Outcome), (count, it) => LogScoresNotStored(logger, count, it.Address.Short, it.Outcome));
        undone = new(
            1, time, it => LogUndone(logger, it.Effect, it.Reason), (count, it) => LogManyUndone(logger, count, it.Effect, it.Reason));
        unexpected = new(
            1, time, it => LogFailed(logger, it.Effect, it.Error), (count, it) => LogManyFailed(logger, count, it.Effect, it.Error));
    }

    /// <summary>A manifest's key has another revision than the one that it was decided upon.</summary>
    public void Conflict(DeviceId device, Generation generation, ulong revision) => conflicts.Take((device, generation, revision));

    /// <summary>A manifest was not stored.</summary>
    public void NotStored(DeviceId device, Generation generation, PutOutcome outcome) => manifests.Take((device, generation, outcome));

    /// <summary>A score was not stored.</summary>
    public void NotStored(Digest score, PutOutcome outcome) => scores.Take((score, outcome));

    /// <summary>An effect was not carried out, for a reason that may pass: the bus or the store is away.</summary>
    public void Undone(FleetEffect effect, string reason) => undone.Take((effect, reason));

    /// <summary>An effect failed as none should.</summary>
    public void Failed(FleetEffect effect, Exception error) => unexpected.Take((effect, error));

    /// <summary>Tells what is due of what was held back.</summary>
    public void Tell()
    {
        conflicts.Tell();
        manifests.Tell();
        scores.Tell();
        undone.Tell();
        unexpected.Tell();
    }
}
