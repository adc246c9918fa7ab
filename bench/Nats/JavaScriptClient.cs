using System.Diagnostics;
using System.Globalization;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Bench.Nats;

/// <summary>The official JavaScript client: yardstick.mjs does the same work in node.</summary>
internal sealed class JavaScriptClient : IContender
{
    public string Name => "JavaScript";

    public async Task<double?> MeasureAsync(Work work, string url, string bucket)
    {
        var folder = await EngScript.RunAsync("eng/nats-peer.sh");
        string[] arguments =
        [
            RepositoryRoot.File("bench/Nats/yardstick.mjs"), folder, url, bucket, work.Kind.ToString(),
            work.Count.ToString(CultureInfo.InvariantCulture), work.Tasks.ToString(CultureInfo.InvariantCulture), Work.ValueBytes.ToString(CultureInfo.InvariantCulture),
        ];
        var start = new ProcessStartInfo("node", arguments) { UseShellExecute = false, RedirectStandardOutput = true };
        using var node = await Spawner.StartAsync(start);
        var seconds = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return node.ExitCode == 0
            ? double.Parse(seconds, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"yardstick.mjs ended with {node.ExitCode}");
    }
}
