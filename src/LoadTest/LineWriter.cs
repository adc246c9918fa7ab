using System.Text.Json;
using Harmony.Fleet.Deploy.LoadTests;
using Harmony.Fleet.Deploy.Scores;

namespace Harmony.Fleet.LoadTest;

/// <summary>Writes lines to whoever started this program.</summary>
internal sealed class LineWriter(TextWriter output) : IProgress<DeployNews>
{
    private readonly Lock gate = new();

    /// <inheritdoc/>
    public void Report(DeployNews value) => Write(new LoadTestLine { News = value });

    /// <summary>Writes a line.</summary>
    public void Write(LoadTestLine line)
    {
        lock (gate)
        {
            output.WriteLine(JsonSerializer.Serialize(line, LoadTestJson.Default.LoadTestLine));
            output.Flush();
        }
    }
}
