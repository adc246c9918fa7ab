using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Tests.Conformance.Podman;
using static Harmony.Fleet.Tests.Conformance.Podman.PodmanFixture;

namespace Harmony.Fleet.Tests.Adapters.Podman.Containers;

/// <summary>
/// A container made from a spec is as the spec says, in podman's own words and after each start: what the original got wrong, so that
/// it made every container with variables or volumes anew every 30 s.
/// </summary>
[Trait("Category", "Integration")]
public sealed class DriftTests(PodmanFixture podman) : IClassFixture<PodmanFixture>
{
    public static TheoryData<string> Specs => [.. SpecTable.Names];

    /// <summary>A change of the spec, and words of the difference that it must make.</summary>
    public static TheoryData<string, string> Changes => new()
    {
        { "env added", "variable NEW" },
        { "env changed", "variable A" },
        { "env removed", "variable A" },
        { "image env changed", "variable FROM_IMAGE" },
        { "command", "command" },
        { "args", "command" },
        { "args split differently", "command" },
        { "port", "port 20201" },
        { "port protocol", "port" },
        { "port address", "port" },
        { "port removed", "port 20200" },
        { "mount removed", "mount" },
        { "mount source", "mount" },
        { "mount target", "mount" },
        { "mount writable", "mount" },
        { "mount kind", "mount" },
        { "restart", "restart policy" },
        { "stop", "stop timeout" },
        { "memory", "memory" },
        { "memory unlimited", "memory" },
        { "cpu", "processor" },
        { "label added", "label new" },
        { "label changed", "label mine" },
        { "image", "image" },
    };

    [Theory]
    [MemberData(nameof(Specs))]
    public async Task Created_FromASpec_HasNoDriftBeforeAndAfterItRan(string name)
    {
        var spec = await PreparedAsync(SpecTable.Make(name, podman.Spec(), podman.Folder.Path));
        var id = Must(await podman.Runtime.CreateAsync(spec, Cancel));

        Drift.Between(spec, await podman.ObserveAsync(spec)).ShouldBeEmpty();
        Must(await podman.Runtime.StartAsync(id, Cancel));
        Drift.Between(spec, await podman.ObserveAsync(spec)).ShouldBeEmpty();
        Must(await podman.Runtime.StopAsync(id, TimeSpan.Zero, Cancel));
        Drift.Between(spec, await podman.ObserveAsync(spec)).ShouldBeEmpty();
        Must(await podman.Runtime.RemoveAsync(id, Cancel));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Created_OtherwiseThanTheSpec_ShowsTheDifference(string change, string words)
    {
        await podman.LoadAsync(PodmanFixture.IdleImage("localhost/idle:2"));
        var spec = await PreparedAsync(Base());
        var other = await PreparedAsync(Changed(spec, change));
        var id = Must(await podman.Runtime.CreateAsync(other, Cancel));

        var differences = Drift.Between(spec, await podman.ObserveAsync(spec));

        differences.ShouldNotBeEmpty();
        differences.ShouldAllBe(difference => difference.Contains(words.Split(' ')[0], StringComparison.Ordinal));
        differences.ShouldContain(difference => difference.Contains(words, StringComparison.Ordinal));
        Must(await podman.Runtime.RemoveAsync(id, Cancel));
    }

    [Fact]
    public async Task Observed_OfEverything_GivesBackTheSpecsOwnValues()
    {
        var spec = SpecTable.Make("everything", podman.Spec(), podman.Folder.Path);
        Must(await podman.Runtime.CreateAsync(spec, Cancel));

        var observed = await podman.ObserveAsync(spec);

        observed.Name.ShouldBe(spec.Name);
        observed.Image.ShouldBe(spec.Image);
        observed.Entrypoint.ShouldBe(spec.Command);
        observed.Command.ShouldBe(spec.Args);
        observed.Env["A"].ShouldBe("1");
        observed.Env["FROM_IMAGE"].ShouldBe(string.Empty);
        observed.Ports.ShouldBe(spec.Ports);
        observed.Mounts.ShouldBe(spec.Mounts);
        observed.RestartPolicy.ShouldBe("on-failure");
        observed.StopTimeoutSeconds.ShouldBe(1);
        observed.MemoryBytes.ShouldBe(spec.MemoryBytes);
        observed.CpuMillicores.ShouldBe(500);
        observed.ImageId.ShouldBe(Must(await podman.Runtime.EnsureImageAsync(spec.Image, Cancel)));
        observed.ImageDigest.ShouldStartWith("sha256:");
        observed.ImageDefaults.Entrypoint.ShouldBe(["/bin/sh", "-c"]);
        observed.ImageDefaults.Env["FROM_IMAGE"].ShouldBe("yes");
        observed.ImageDefaults.Labels["image.example/label"].ShouldBe("of the image");
        observed.ImageDefaults.Volumes.ShouldBe(["/scratch"]);
    }

    [Fact]
    public async Task Observed_OfAShortName_ShowsTheFullOne()
    {
        await podman.LoadAsync(PodmanFixture.IdleImage("docker.io/library/short:latest"));
        await podman.LoadAsync(PodmanFixture.IdleImage("localhost/short:latest"));
        var spec = await PreparedAsync(podman.Spec() with { Image = "short" });
        Must(await podman.Runtime.CreateAsync(spec, Cancel));

        var observed = await podman.ObserveAsync(spec);

        observed.Image.ShouldBe("docker.io/library/short:latest");
        Drift.Between(spec, observed).ShouldBeEmpty();
    }

    /// <summary>What the agent adds before it makes a container.</summary>
    private async Task<ContainerSpec> PreparedAsync(ContainerSpec spec) => spec with
    {
        Labels = spec.Labels
            .SetItem(ContainerLabels.Image, spec.Image)
            .SetItem(ContainerLabels.ImageId, Must(await podman.Runtime.EnsureImageAsync(spec.Image, Cancel))),
    };

    private ContainerSpec Base()
    {
        var spec = podman.Spec();
        return spec with
        {
            Args = ["a b", "c"],
            Env = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("A", "1")]),
            Labels = spec.Labels.Add("mine", "1"),
            Ports = [new(80, 20200, string.Empty, "tcp")],
            Mounts = [new(MountKind.Bind, podman.Folder.Path, "/data", ReadOnly: true)],
            MemoryBytes = 64 * 1024 * 1024,
            CpuMillicores = 250,
        };
    }

    private static ContainerSpec Changed(ContainerSpec spec, string change) => change switch
    {
        "env added" => spec with { Env = spec.Env.Add("NEW", "1") },
        "env changed" => spec with { Env = spec.Env.SetItem("A", "2") },
        "env removed" => spec with { Env = spec.Env.Remove("A") },
        "image env changed" => spec with { Env = spec.Env.Add("FROM_IMAGE", "other") },
        "command" => spec with { Command = ["/bin/sleep"] },
        "args" => spec with { Args = ["a b", "d"] },
        "args split differently" => spec with { Args = ["a", "b c"] },
        "port" => spec with { Ports = [spec.Ports[0] with { HostPort = 20201 }] },
        "port protocol" => spec with { Ports = [spec.Ports[0] with { Protocol = "udp" }] },
        "port address" => spec with { Ports = [spec.Ports[0] with { HostIp = "127.0.0.1" }] },
        "port removed" => spec with { Ports = [] },
        "mount removed" => spec with { Mounts = [] },
        "mount source" => spec with { Mounts = [spec.Mounts[0] with { Source = "/tmp" }] },
        "mount target" => spec with { Mounts = [spec.Mounts[0] with { Target = "/other" }] },
        "mount writable" => spec with { Mounts = [spec.Mounts[0] with { ReadOnly = false }] },
        "mount kind" => spec with { Mounts = [new(MountKind.Volume, "drift", "/data", ReadOnly: true)] },
        "restart" => spec with { RestartPolicy = RestartPolicy.Never },
        "stop" => spec with { StopTimeoutSeconds = 3 },
        "memory" => spec with { MemoryBytes = 65 * 1024 * 1024 },
        "memory unlimited" => spec with { MemoryBytes = 0 },
        "cpu" => spec with { CpuMillicores = 0 },
        "label added" => spec with { Labels = spec.Labels.Add("new", "1") },
        "label changed" => spec with { Labels = spec.Labels.SetItem("mine", "2") },
        "image" => spec with { Image = "localhost/idle:2" },
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "unknown"),
    };
}
