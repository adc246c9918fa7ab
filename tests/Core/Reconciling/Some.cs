using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Tests.Harness.Containers;

namespace Harmony.Fleet.Tests.Core.Reconciling;

/// <summary>Values that the tests of this folder start from.</summary>
internal static class Some
{
    public static readonly DeviceId Device = DeviceId.Parse("pi-1");

    public static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static readonly FakeImage Image = FakeImage.Of("app", new ImageDefaults
    {
        Entrypoint = ["/bin/app"],
        Command = ["serve"],
        Env = Map(("LANG", "C"), ("PATH", "/bin")),
        Labels = Map(("maintainer", "somebody")),
        Volumes = ["/cache"],
    });

    public static ManifestEntry Entry(string name, string uid = "uid-1", string score = "score") => new()
    {
        Namespace = NamespaceName.Parse("acme"),
        Name = DeploymentName.Parse(name),
        Uid = uid,
        ScoreDigest = Digest.Of(System.Text.Encoding.UTF8.GetBytes(score)),
        Address = Digest.Of("address"u8),
        Key = new byte[32],
    };

    public static DesiredDeployment Deployment(ManifestEntry entry, params Container[] containers) =>
        Deployment(entry, new PodmanV0Score { Containers = [.. containers] });

    public static DesiredDeployment Deployment(ManifestEntry entry, PodmanV0Score score) =>
        new(new(entry.Namespace, entry.Name), entry.Uid, entry.ScoreDigest, ContainerSpecs.From(entry, score, Device));

    public static Container Container(string name, string image = "app:1", int? port = null) => new()
    {
        Name = name,
        Image = image,
        Ports = port is { } number ? [new ContainerPort { Port = 8080, HostPort = number }] : [],
    };

    public static ContainerSpec Spec(Func<ContainerSpec, ContainerSpec>? change = null)
    {
        var entry = Entry("web");
        var spec = ContainerSpecs.From(entry, new PodmanV0Score { Containers = [Container("app")] }, Device)[0];
        return change?.Invoke(spec) ?? spec;
    }

    public static ObservedContainer Made(ContainerSpec spec, FakeImage? image = null) => ObservedFrom.Spec(
        spec with { Labels = spec.Labels.SetItem(ContainerLabels.ImageId, (image ?? Image).Id) },
        Digest.Of(System.Text.Encoding.UTF8.GetBytes(spec.Name)).Value,
        image ?? Image);

    public static ObservedContainer Running(ContainerSpec spec, FakeImage? image = null) =>
        Made(spec, image) with { State = ContainerState.Running, StateText = "running", StartedAt = DateTimeOffset.UnixEpoch };

    public static ImmutableSortedDictionary<string, string> Map(params (string Name, string Value)[] items) =>
        items.ToImmutableSortedDictionary(item => item.Name, item => item.Value, StringComparer.Ordinal);
}
