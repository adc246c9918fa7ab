using System.Collections.Immutable;
using System.Globalization;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.LoadTest.Plans;

/// <summary>
/// Which devices and Deployments there are, and which is meant for which. Devices stand in groups, each of which has about ten Deployments of its own. A few
/// more of both are probes, one device for one Deployment, by which the lag is measured.
/// </summary>
internal sealed class LoadPlan
{
    /// <summary>The image of every container.</summary>
    public const string Image = "localhost/load-test:1";

    private const int PerGroup = 10;
    private const int MostProbes = 16;
    private const string Group = "load-group";
    private readonly int[][] members;

    /// <summary>The plan for so many of both, 2 or more.</summary>
    public LoadPlan(int devices, int deployments)
    {
        (Devices, Deployments, Probes) = (devices, deployments, Math.Min(MostProbes, Math.Min(devices, deployments) / 2));
        Groups = Math.Max(1, Shared / PerGroup);
        members = [.. Enumerable.Range(0, Groups).Select(group => Enumerable.Range(0, Shared).Where(deployment => deployment % Groups == group).ToArray())];
        Pairs = Probes + Enumerable.Range(Probes, devices - Probes).Sum(device => (long)DeploymentsOf(device).Length);
    }

    public int Devices { get; }

    public int Deployments { get; }

    /// <summary>How many of both are probes: the first devices, and the last Deployments.</summary>
    public int Probes { get; }

    public long Pairs { get; }

    private int Groups { get; }

    private int Shared => Deployments - Probes;

    /// <summary>The Deployments that are meant for a device, by their numbers.</summary>
    public int[] DeploymentsOf(int device) => device < Probes ? [Shared + device] : members[device % Groups];

    /// <summary>The Deployment by which a probe is measured.</summary>
    public int DeploymentOfProbe(int probe) => Shared + probe;

    public static DeviceId Device(int number) => DeviceId.Parse(string.Create(CultureInfo.InvariantCulture, $"load-{number:D6}"));

    public static DeploymentName Name(int number) => DeploymentName.Parse(string.Create(CultureInfo.InvariantCulture, $"load-{number:D6}"));

    /// <summary>The number of a Deployment; null for one that is not of the plan.</summary>
    public int? NumberOf(string name) => NumberOf(name, Deployments);

    /// <summary>The number of a device; null for one that is not of the plan.</summary>
    public int? DeviceOf(string name) => NumberOf(name, Devices);

    /// <summary>What a device says of itself.</summary>
    public ImmutableSortedDictionary<string, string> LabelsOf(int device) => device < Probes
        ? ImmutableSortedDictionary<string, string>.Empty
        : ImmutableSortedDictionary<string, string>.Empty.Add(Group, GroupName(device % Groups));

    /// <summary>A Deployment as it is applied.</summary>
    public Deployment Deployment(int number) => new()
    {
        Metadata = new() { Name = Name(number).Value, Namespace = "default" },
        Spec = new()
        {
            TargetSelector = new()
            {
                MatchLabels = number < Shared
                    ? ImmutableSortedDictionary<string, string>.Empty.Add(Group, GroupName(number % Groups))
                    : ImmutableSortedDictionary<string, string>.Empty.Add(ApiGroup.DeviceIdLabel, Device(number - Shared).Value),
            },
            Score = new() { PodmanV0 = new() { Containers = [new() { Name = "web", Image = Image }] } },
        },
    };

    private static int? NumberOf(string name, int count) =>
        name.StartsWith("load-", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), CultureInfo.InvariantCulture, out var number) && number < count ? number : null;

    private static string GroupName(int group) => string.Create(CultureInfo.InvariantCulture, $"g-{group}");
}
