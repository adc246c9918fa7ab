namespace Harmony.Fleet.Tests.Simulation;

/// <summary>What is made wrong on purpose, one at a time, to see whether the simulation finds it.</summary>
internal enum PlantedBug
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A device takes whatever manifest is authentic: no generation gate.</summary>
    NoGenerationGate,

    /// <summary>A device takes an older manifest where the bucket has it: the broker's order is trusted.</summary>
    StaleTaken,

    /// <summary>A device takes other bytes of the generation that it holds.</summary>
    ForkTaken,

    /// <summary>A device does not keep what it took: a start begins with no floor.</summary>
    FloorNotKept,

    /// <summary>A device takes a missing key for an empty manifest.</summary>
    AbsenceTaken,

    /// <summary>A device does not remove what its manifest names no more.</summary>
    OrphansLeft,

    /// <summary>A device says that a deployment runs while it is only on its way.</summary>
    PlanTakenForDone,

    /// <summary>A device does not start what stands still after a power cut.</summary>
    RestartForgotten,

    /// <summary>A device does not replace what runs with a newer version.</summary>
    OldVersionKept,

    /// <summary>Manifests are written over whatever is stored: no compare-and-set.</summary>
    RevisionIgnored,

    /// <summary>A write that met another revision is taken for stored.</summary>
    ConflictTakenForStored,

    /// <summary>A write that failed is taken for stored.</summary>
    FailureTakenForStored,

    /// <summary>What a removed device left on the bus stays there.</summary>
    RemovedDeviceForgotten,

    /// <summary>The deletion of a Deployment is not heard.</summary>
    DeleteLost,

    /// <summary>The deletion of a Device is not heard.</summary>
    DeviceDeleteLost,

    /// <summary>A finalizer goes as soon as deletion was asked for.</summary>
    FinalizerTooEarly,

    /// <summary>A finalizer never goes.</summary>
    FinalizerNever,

    /// <summary>No finalizer is put on.</summary>
    FinalizerMissing,

    /// <summary>Counts only grow.</summary>
    CountersNotDecremented,

    /// <summary>What a device says of an older version counts for the present one.</summary>
    OldVersionCounted,

    /// <summary>A leader that stood still goes on beside the next one.</summary>
    StaleLeaderAccepted,

    /// <summary>What happens to the bucket of manifests after the start is not looked at: nothing is asserted again.</summary>
    ReassertionMissing,

    /// <summary>A score is put once, and never looked at again.</summary>
    ScorePutOnce,

    /// <summary>A list of Deployments leaves one out, and that is taken for its removal.</summary>
    AbsenceIsIntent,

    /// <summary>A list of Devices leaves one out.</summary>
    PartialDevices,

    /// <summary>A changed selector is not taken.</summary>
    OldSelector,

    /// <summary>A changed score is not taken.</summary>
    OldScore,

    /// <summary>An administrator's labels are not taken.</summary>
    LabelsIgnored,

    /// <summary>The operator does not notice that it is deaf: silence counts while its link is down.</summary>
    DeafnessUnnoticed,

    /// <summary>Heartbeats are not heard.</summary>
    HeartbeatsIgnored,

    /// <summary>An old report, put again, is news.</summary>
    OldReportNews,

    /// <summary>The boot of documents is ignored: what is put again is news.</summary>
    BootIgnored,

    /// <summary>The reports of one device are not heard.</summary>
    ReportsLost,

    /// <summary>What became of an effect is not brought back at times.</summary>
    AnswerLost,

    /// <summary>What failed is tried again at once: a back-off is jumped.</summary>
    BackOffJumped,

    /// <summary>What throws on one object ends the whole step: a guard is missing.</summary>
    GuardMissing,

    /// <summary>What a leader that stood still was about to send is sent when it wakes: its deadline is not looked at before.</summary>
    LateFlush,

    /// <summary>Of two operators with a lease one sends what it decided without a look at its deadline.</summary>
    DeadlineUnchecked,

    /// <summary>Of two operators with a lease each counts its deadline by a clock that can be set.</summary>
    DeadlineByWallClock,

    /// <summary>The next one of two operators with a lease leads in the term of the last.</summary>
    TermNotRaised,

    /// <summary>That a key holds nothing any more is not told to who writes over what was there.</summary>
    PurgedKeyUntold,

    /// <summary>A device takes a manifest that was signed for another one.</summary>
    ForeignManifestTaken,

    /// <summary>A score's bytes are not compared with its address.</summary>
    ScoreUnverified,

    /// <summary>That a device misses a score is not heard.</summary>
    ScoreMissingIgnored,

    /// <summary>The counter of generations does not grow.</summary>
    GenerationNotGrown,

    /// <summary>The counter begins anew with each term, and the term is not in the generation.</summary>
    TermNotCarried,
}
