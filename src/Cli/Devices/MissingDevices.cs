using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Contracts.Texts;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Cli.Devices;

/// <summary>Which reachable devices do not run a deployment as it is now.</summary>
internal sealed class MissingDevices(FleetClient client)
{
    private const int ReadAtOnce = 50;
    private const int MaxNamed = 5;

    /// <summary>The first of them with how far they are, as <c>pi-3 (Pulling), pi-7 (no report), and 4 more</c>, or <c>and more</c> where not all were asked; empty where none is known.</summary>
    public async Task<string> OfAsync(Deployment deployment, bool mustComplete, CancellationToken cancellationToken)
    {
        var matched = await new DevicePicker(client).MatchedAsync(deployment, cancellationToken);
        var left = new Queue<string[]>((matched.IsOk ? matched.Value : []).Where(DevicePicker.IsReachable).Select(device => device.Metadata.Name).Chunk(ReadAtOnce));
        var digest = Digest.Of(CanonicalScore.ToBytes(deployment.Spec.Score));
        var missing = new List<string>();
        while (missing.Count <= MaxNamed && left.TryDequeue(out var names))
        {
            var reports = await new ReportReader(client).ReadAsync(names, cancellationToken);
            var states = names.Zip(reports, (name, report) => (Name: name, State: State(deployment.Metadata, digest, report, mustComplete)));
            missing.AddRange(states.Where(device => device.State is not null).Select(device => $"{device.Name} ({device.State})"));
        }

        return string.Join(", ", missing.Count <= MaxNamed ? missing : missing.Take(MaxNamed).Append(left.Count == 0 ? $"and {missing.Count - MaxNamed} more" : "and more"));
    }

    /// <summary>How far a device is; null where nothing is missing.</summary>
    private static string? State(ObjectMeta metadata, Digest digest, DeviceReport? report, bool mustComplete)
    {
        if (report is null)
        {
            return "no report";
        }

        var said = report.Deployments.FirstOrDefault(item => item.Namespace.Value == metadata.Namespace && item.Name.Value == metadata.Name && item.Uid == metadata.Uid);
        return (said, said is not null && said.ScoreDigest == digest) switch
        {
            (null, _) => "not begun",
            (_, false) => "an older version",
            ({ Phase: Phase.Running }, _) when !mustComplete || said.Completed => null,
            _ => Printable.Line($"{said.Phase}"),
        };
    }
}
