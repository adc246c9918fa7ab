using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Tests.Harness.Containers;

namespace Harmony.Fleet.Tests.Core.Reconciling;

public sealed class DriftTests
{
    private static readonly ContainerSpec Full = Some.Spec(spec => spec with
    {
        Env = Some.Map(("LOG", "debug"), ("LANG", "de")),
        Mounts = [new(MountKind.Bind, "/srv/data/", "/data", false), new(MountKind.Volume, "state", "/state", true)],
        Ports = [new(8080, 80, string.Empty, "tcp"), new(53, 53, "0.0.0.0", "udp")],
        RestartPolicy = RestartPolicy.OnFailure,
        StopTimeoutSeconds = 30,
        MemoryBytes = 64 << 20,
        CpuMillicores = 250,
    });

    public static TheoryData<string, Func<ObservedContainer, ObservedContainer>> HandMadeChanges => new()
    {
        { "variable LOG has another value", it => it with { Env = it.Env.SetItem("LOG", "info") } },
        { "variable LOG is missing", it => it with { Env = it.Env.Remove("LOG") } },
        { "variable LANG has another value", it => it with { Env = it.Env.SetItem("LANG", "C") } },
        { "variable EXTRA should not be there", it => it with { Env = it.Env.Add("EXTRA", "secret") } },
        { "label hand should not be there", it => it with { Labels = it.Labels.Add("hand", "made") } },
        { "label maintainer is missing", it => it with { Labels = it.Labels.Remove("maintainer") } },
        { "label fleet.nationtech.io/uid has another value", it => it with { Labels = it.Labels.SetItem(ContainerLabels.Uid, "x") } },
        { "mount state:/state:ro is missing", it => it with { Mounts = [.. it.Mounts.Where(mount => mount.Target != "/state")] } },
        { "mount /etc:/etc should not be there", it => it with { Mounts = it.Mounts.Add(new(MountKind.Bind, "/etc", "/etc", false)) } },
        { "port 80:8080/tcp is not published", it => it with { Ports = [.. it.Ports.Where(port => port.HostPort != 80)] } },
        { "port 127.0.0.1:22:22/tcp is published and should not be", it => it with { Ports = it.Ports.Add(new(22, 22, "127.0.0.1", "tcp")) } },
        { "restart policy unless-stopped instead of on-failure", it => it with { RestartPolicy = "unless-stopped" } },
        { "stop timeout 10 s instead of 30 s", it => it with { StopTimeoutSeconds = 10 } },
        { "memory limit 0 instead of 67108864", it => it with { MemoryBytes = 0 } },
        { "processor limit 500m instead of 250m", it => it with { CpuMillicores = 500 } },
        { "command or arguments differ", it => it with { Command = ["other"] } },
        { "command or arguments differ", it => it with { Entrypoint = ["/bin/sh"] } },
        { "image app:0 instead of app:1", it => it with { Labels = it.Labels.SetItem(ContainerLabels.Image, "app:0") } },
        { "its image is not the one that app:1 was when it was made", it => it with { ImageId = new string('0', 64) } },
        { "its image is not the one that app:1 was when it was made", it => it with { Labels = it.Labels.Remove(ContainerLabels.ImageId) } },
    };

    [Theory]
    [MemberData(nameof(HandMadeChanges))]
    public void Between_HandMadeChange_IsTheOneDifference(string difference, Func<ObservedContainer, ObservedContainer> change) =>
        Drift.Between(Full, change(Some.Running(Full))).ShouldBe([difference]);

    [Fact]
    public void Between_JustMade_IsNone() => Drift.Between(Full, Some.Running(Full)).ShouldBeEmpty();

    [Fact]
    public void Between_OtherOrder_IsNone()
    {
        var made = Some.Running(Full);
        var turned = made with { Ports = [.. made.Ports.Reverse()], Mounts = [.. made.Mounts.Reverse()] };
        Drift.Between(Full, turned).ShouldBeEmpty();
    }

    [Fact]
    public void Between_OtherOrderOfArguments_IsADifference()
    {
        var spec = Some.Spec(it => it with { Args = ["a", "b"] });
        var made = Some.Running(spec);
        Drift.Between(spec, made with { Command = ["b", "a"] }).ShouldBe(["command or arguments differ"]);
    }

    [Fact]
    public void Between_RuntimeSplitsCommandElsewhere_IsNone()
    {
        var spec = Some.Spec(it => it with { Command = ["/bin/sh", "-c"], Args = ["run it"] });
        var made = Some.Running(spec);
        Drift.Between(spec, made with { Entrypoint = ["/bin/sh"], Command = ["-c", "run it"] }).ShouldBeEmpty();
    }

    [Fact]
    public void Between_CommandWithoutArguments_LeavesTheImagesArgumentsOut()
    {
        var spec = Some.Spec(it => it with { Command = ["/bin/other"] });
        Drift.Between(spec, Some.Running(spec)).ShouldBeEmpty();
        Drift.Between(spec, Some.Running(spec) with { Command = Some.Image.Defaults.Command }).ShouldNotBeEmpty();
    }

    [Fact]
    public void Between_TagMovedOn_IsNone()
    {
        // What stands was made from what the tag was then; the label says so. Only a new score brings the new image.
        var spec = Some.Spec();
        Drift.Between(spec, Some.Running(spec, FakeImage.Of("an older app", Some.Image.Defaults))).ShouldBeEmpty();
    }

    [Fact]
    public void Between_OtherScoreDigest_IsNone()
    {
        var spec = Some.Spec();
        var made = Some.Running(spec);
        Drift.Between(spec with { Labels = spec.Labels.SetItem(ContainerLabels.ScoreDigest, new string('a', 64)) }, made).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("PATH")]
    [InlineData("HOME")]
    [InlineData("HOSTNAME")]
    [InlineData("TERM")]
    [InlineData("container")]
    [InlineData("container_uuid")]
    [InlineData("http_proxy")]
    [InlineData("https_proxy")]
    [InlineData("ftp_proxy")]
    [InlineData("no_proxy")]
    [InlineData("HTTP_PROXY")]
    [InlineData("HTTPS_PROXY")]
    [InlineData("FTP_PROXY")]
    [InlineData("NO_PROXY")]
    public void Between_VariableOfTheRuntime_CountsOnlyWhenAskedFor(string name)
    {
        var spec = Some.Spec();
        var made = Some.Running(spec);
        var changed = made with { Env = made.Env.SetItem(name, "something") };
        Drift.Between(spec, changed).ShouldBeEmpty();
        Drift.Between(spec with { Env = spec.Env.SetItem(name, "asked") }, changed).ShouldBe([$"variable {name} has another value"]);
    }

    [Fact]
    public void Between_MountOverAnAnonymousVolume_IsCompared()
    {
        var spec = Some.Spec(it => it with { Mounts = [new(MountKind.Volume, "cache", "/cache", false)] });
        var made = Some.Running(spec);
        Drift.Between(spec, made).ShouldBeEmpty();
        Drift.Between(spec, made with { Mounts = [new(MountKind.Volume, "other", "/cache", false)] }).Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("io.podman.compose.project")]
    [InlineData("PODMAN_SYSTEMD_UNIT")]
    public void Between_LabelOfTheRuntime_IsNone(string name)
    {
        var made = Some.Running(Some.Spec());
        Drift.Between(Some.Spec(), made with { Labels = made.Labels.SetItem(name, "x") }).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/srv/data//", "/srv/data", true)]
    [InlineData("/", "//", true)]
    [InlineData("/", "/srv", false)]
    public void Between_PathsWrittenInAnotherWay_AreTheSame(string wanted, string found, bool isSame)
    {
        ContainerSpec Mounted(string source) => Some.Spec(it => it with { Mounts = [new(MountKind.Bind, source, "/data", false)] });
        Drift.Between(Mounted(wanted), Some.Running(Mounted(found))).IsEmpty.ShouldBe(isSame);
    }

    [Fact]
    public void Between_PortsOfTheRuntimesWords_AreTheSame()
    {
        var made = Some.Running(Full);
        Drift.Between(Full, made with { Ports = [new(8080, 80, "0.0.0.0", string.Empty), new(53, 53, string.Empty, "UDP")] }).ShouldBeEmpty();
        Drift.Between(Full, made with { Ports = [.. made.Ports, new(2, 9, string.Empty, "tcp"), new(1, 7, string.Empty, "tcp")] })
            .ShouldBe(["port 7:1/tcp is published and should not be", "port 9:2/tcp is published and should not be"]);
    }

    [Fact]
    public void Between_NoPolicyAtAll_IsNo()
    {
        var spec = Some.Spec(it => it with { RestartPolicy = RestartPolicy.Never });
        Drift.Between(spec, Some.Running(spec) with { RestartPolicy = string.Empty }).ShouldBeEmpty();
    }

    [Fact]
    public void Between_SecretValues_AreNeverNamed()
    {
        var spec = Some.Spec(it => it with { Env = Some.Map(("TOKEN", "hunter2")), Args = ["--password", "hunter2"] });
        var made = Some.Running(spec) with { Command = ImmutableArray.Create("--password", "hunter3") };
        var text = string.Join('\n', Drift.Between(spec, made with { Env = made.Env.SetItem("TOKEN", "hunter3") }));
        text.ShouldNotContain("hunter");
    }
}
