using System.Runtime;

namespace Harmony.Fleet.Bench.Engine;

/// <summary>What one step cost, and how much of it was not the engine's: what others took of the processor, the collector, and code that was compiled because it ran for the first time.</summary>
/// <param name="Took">All of its time.</param>
/// <param name="Processor">The processor's time that its thread had: what others had meanwhile is not in it.</param>
/// <param name="Collecting">The collector's part of it.</param>
/// <param name="Compiling">The compiler's part of it.</param>
/// <param name="Collections">How many collections were in it.</param>
/// <param name="Allocated">The bytes that it allocated: a table that grows shows here.</param>
internal readonly record struct StepCost(TimeSpan Took, TimeSpan Processor, TimeSpan Collecting, TimeSpan Compiling, int Collections, long Allocated)
{
    /// <summary>The engine's own processor time.</summary>
    public TimeSpan Own => Processor - Collecting - Compiling;

    /// <summary>All that was spent until now.</summary>
    /// <param name="took">The engine's time until now.</param>
    public static StepCost Now(TimeSpan took) => new(
        took, ThreadTime.Now(), GC.GetTotalPauseDuration(), JitInfo.GetCompilationTime(currentThread: true), GC.CollectionCount(0), GC.GetAllocatedBytesForCurrentThread());

    /// <summary>What was spent since <paramref name="before"/>.</summary>
    public StepCost Since(StepCost before) => new(
        Took - before.Took, Processor - before.Processor, Collecting - before.Collecting, Compiling - before.Compiling, Collections - before.Collections, Allocated - before.Allocated);

    /// <inheritdoc/>
    public override string ToString() => $"{Took.TotalMilliseconds:N1} ms, {Processor.TotalMilliseconds:N1} of the processor, {Own.TotalMilliseconds:N1} its own "
        + $"({Collections} collections {Collecting.TotalMilliseconds:N1}, compiling {Compiling.TotalMilliseconds:N1}), {Allocated / 1e6:N1} MB allocated";
}
