using System.Runtime.CompilerServices;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>The last things that happened. It is written only when a seed that failed is run again.</summary>
internal sealed class Trace(bool isOn)
{
    private const int Most = 20_000;
    private readonly Queue<string> lines = new();

    public bool IsOn => isOn;

    public DateTimeOffset Now { get; set; }

    public IEnumerable<string> Lines => lines;

    public void Say([InterpolatedStringHandlerArgument("")] ref TraceLine line)
    {
        if (isOn)
        {
            lines.Enqueue($"{Now:HH:mm:ss.fff} {line.Text.ToStringAndClear()}");
            if (lines.Count > Most)
            {
                lines.Dequeue();
            }
        }
    }
}

/// <summary>A line that is made only where it is wanted.</summary>
[InterpolatedStringHandler]
internal ref struct TraceLine
{
    public DefaultInterpolatedStringHandler Text;

    public TraceLine(int literalLength, int formattedCount, Trace trace, out bool isOn)
    {
        isOn = trace.IsOn;
        Text = isOn ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
    }

    public void AppendLiteral(string text) => Text.AppendLiteral(text);

    public void AppendFormatted<T>(T value) => Text.AppendFormatted(value);

    public void AppendFormatted<T>(T value, string format) => Text.AppendFormatted(value, format);
}

/// <summary>A promise was broken.</summary>
internal sealed class ViolationException(string promise, string what) : Exception($"{promise}: {what}")
{
    public string Promise { get; } = promise;
}
