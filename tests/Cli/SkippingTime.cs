namespace Harmony.Fleet.Tests.Cli;

/// <summary>The system's clock, of which a test can skip a part.</summary>
internal sealed class SkippingTime : TimeProvider
{
    private long skipped;

    public void Skip(TimeSpan span) => Interlocked.Add(ref skipped, (long)(span.TotalSeconds * TimestampFrequency));

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref skipped);
}
