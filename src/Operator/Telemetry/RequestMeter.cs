using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Harmony.Fleet.Operator.Telemetry;

/// <summary>Measures requests to one target: how long each took, and what came of it.</summary>
/// <param name="times">Where durations go.</param>
/// <param name="target">What is asked: <c>store</c> or <c>bus</c>.</param>
/// <param name="subject">What the requests are about, as a tag.</param>
internal sealed class RequestMeter(Histogram<double> times, string target, string subject)
{
    /// <summary>Measures a request.</summary>
    /// <param name="operation">Which.</param>
    /// <param name="about">Of which kind, in which bucket.</param>
    /// <param name="request">It.</param>
    public async Task<T> MeasureAsync<T>(string operation, string about, Func<Task<T>> request)
        where T : class
    {
        using var activity = FleetMeter.Activities.StartActivity($"{target} {operation}", ActivityKind.Client);
        activity?.SetTag(subject, about);
        var start = Stopwatch.GetTimestamp();
        var outcome = "failed";
        try
        {
            var result = await request();
            outcome = result.GetType().Name;
            return result;
        }
        finally
        {
            activity?.SetTag("outcome", outcome);
            times.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, new("operation", operation), new(subject, about), new("outcome", outcome));
        }
    }
}
