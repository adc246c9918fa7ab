using System.Collections.Immutable;
using System.Globalization;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Bench.Model;

/// <summary>Devices in groups, each of which has ten deployments of its own. What reports hold is made anew each time, as a parser does.</summary>
internal sealed class SampleFleet(int devices, int deployments)
{
    private const int DeploymentsEach = 10;
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    public int Devices => devices;

    public int Deployments => deployments;

    public long Pairs => (long)devices * DeploymentsEach;

    private int Groups => deployments / DeploymentsEach;

    public void AddDevices(FleetModel model)
    {
        for (var number = 0; number < devices; number++)
        {
            model.Upsert(Device(number), LabelSet.Of(
            [
                new("device-id", Device(number).Value), new("group", Group(number % Groups)), new("arch", "arm64"), new("site", $"site-{number % 500}"),
            ]));
            model.SetReachable(Device(number), isReachable: true);
        }
    }

    public void AddDeployments(FleetModel model, int version)
    {
        for (var number = 0; number < deployments; number++)
        {
            model.Upsert(Intent(number, version));
        }
    }

    public void ReportAll(FleetModel model, Phase phase, int version)
    {
        for (var number = 0; number < devices; number++)
        {
            var first = number % Groups * DeploymentsEach;
            model.Report(Device(number), Enumerable.Range(first, DeploymentsEach).Select(deployment => new ReportedDeployment(Key(deployment), new ScoreIdentity(Uid(deployment), DigestOf(deployment, version)), phase, null)));
        }
    }

    public void SetReachable(FleetModel model, bool isReachable)
    {
        for (var number = 0; number < devices; number++)
        {
            model.SetReachable(Device(number), isReachable);
        }
    }

    private static DeviceId Device(int number) => DeviceId.Parse($"pi-{number:D6}");

    private static string Group(int number) => $"group-{number}";

    private static DeploymentKey Key(int number) => new(NamespaceName.Parse("default"), DeploymentName.Parse($"app-{number}"));

    private static string Uid(int number) => string.Create(CultureInfo.InvariantCulture, $"00000000-0000-0000-0000-{number:D12}");

    private static Digest DigestOf(int number, int version) => Digest.Parse(string.Create(CultureInfo.InvariantCulture, $"{number:x32}{version:x32}"));

    private static DeploymentIntent Intent(int number, int version) => new(
        Key(number),
        Start.AddSeconds(number),
        ((SelectorOutcome.Compiled)Selector.TryCompile(new LabelSelector { MatchLabels = new Dictionary<string, string>(StringComparer.Ordinal) { ["group"] = Group(number / DeploymentsEach) }.ToImmutableSortedDictionary(StringComparer.Ordinal) })).Selector,
        new ManifestEntry
        {
            Namespace = Key(number).Namespace, Name = Key(number).Name, Uid = Uid(number), ScoreDigest = DigestOf(number, version), Address = DigestOf(number, version + 1_000), Key = new byte[32],
        });
}
