using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Deploy.SmokeTests;

/// <summary>Asks again and again until a part stands, or its process ends, or time is up.</summary>
internal static class Readiness
{
    /// <summary>The longest wait for one part.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks <paramref name="check"/> until it returns null; what it returns else is why the part does not stand yet.</summary>
    public static async Task<Fault?> UntilAsync(
        IRunningProcess process, Func<CancellationToken, Task<string?>> check, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var exits = process.Exits;
        while (true)
        {
            var obstacle = await check(cancellationToken);
            if (obstacle is null)
            {
                return null;
            }

            // A part that cannot even start will not mend itself by being started again.
            if (process.Exits > exits)
            {
                return Fault.Permanent($"{process.Spec.Name} ended at its start ({Words(process)})", $"its log is {process.Spec.LogFile}");
            }

            if (time.GetElapsedTime(began) > Limit)
            {
                var what = $"{process.Spec.Name} did not come up within {Limit.TotalSeconds:0} s ({obstacle})";
                return new Fault(FaultKind.TimedOut, what, $"its log is {process.Spec.LogFile}");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static string Words(IRunningProcess process) => process.LastWords() is { Length: > 0 } words ? words : "it said nothing";
}
