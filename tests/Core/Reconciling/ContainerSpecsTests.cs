using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Tests.Core.Reconciling;

public sealed class ContainerSpecsTests
{
    [Fact]
    public void From_AWholeScore_AsksForAllOfIt()
    {
        var score = new PodmanV0Score
        {
            RestartPolicy = RestartPolicy.OnFailure,
            TerminationGracePeriodSeconds = 30,
            Containers =
            [
                new()
                {
                    Name = "app",
                    Image = "app:1",
                    Command = ["sh"],
                    Args = ["-c", "run"],
                    Env = [new() { Name = "B", Value = "2" }, new() { Name = "A", Value = "1" }],
                    Ports = [new() { Port = 80, HostPort = 8080 }, new() { Port = 53, HostPort = 5353, HostIp = "127.0.0.1", Protocol = "UDP" }],
                    VolumeMounts = [new() { Volume = "v", MountPath = "/v", ReadOnly = true }, new() { HostPath = "/srv", MountPath = "/data" }],
                    Limits = new() { MemoryBytes = 64 << 20, CpuMillicores = 250 },
                },
                new() { Name = "side", Image = "side:1" },
            ],
        };

        var specs = ContainerSpecs.From(Some.Entry("web"), score, Some.Device);

        var app = specs[0];
        (app.Name, app.Image, app.RestartPolicy, app.StopTimeoutSeconds, app.MemoryBytes, app.CpuMillicores)
            .ShouldBe(("acme.web.app", "app:1", RestartPolicy.OnFailure, 30, 64L << 20, 250));
        app.Command.ShouldBe(["sh"]);
        app.Args.ShouldBe(["-c", "run"]);
        app.Env.ShouldBe([new("A", "1"), new("B", "2")]);
        app.Ports.ShouldBe([new(80, 8080, string.Empty, "tcp"), new(53, 5353, "127.0.0.1", "udp")]);
        app.Mounts.ShouldBe([new(MountKind.Volume, "v", "/v", true), new(MountKind.Bind, "/srv", "/data", false)]);
        specs.Select(spec => spec.Name).ShouldBe(["acme.web.app", "acme.web.side"]);
    }

    [Fact]
    public void From_AScoreThatSaysLittle_HasTheDefaults()
    {
        var spec = ContainerSpecs.From(Some.Entry("web"), new PodmanV0Score { Containers = [Some.Container("app")] }, Some.Device)[0];

        (spec.RestartPolicy, spec.StopTimeoutSeconds, spec.MemoryBytes, spec.CpuMillicores).ShouldBe((RestartPolicy.Always, 10, 0L, 0));
    }

    /// <summary>An agent knows its containers by them, those of its earlier versions too.</summary>
    [Fact]
    public void From_AnyScore_CarriesWhoseItIs()
    {
        var entry = Some.Entry("web");
        ContainerSpecs.From(entry, new PodmanV0Score { Containers = [Some.Container("app")] }, Some.Device)[0].Labels.ShouldBe(Some.Map(
            ("fleet.nationtech.io/device", "pi-1"),
            ("fleet.nationtech.io/namespace", "acme"),
            ("fleet.nationtech.io/deployment", "web"),
            ("fleet.nationtech.io/container", "app"),
            ("fleet.nationtech.io/uid", "uid-1"),
            ("fleet.nationtech.io/score-digest", entry.ScoreDigest.Value),
            ("fleet.nationtech.io/image", "app:1")));
    }

    [Theory]
    [InlineData("always", RestartPolicy.Always)]
    [InlineData("unless-stopped", RestartPolicy.Always)]
    [InlineData("on-failure", RestartPolicy.OnFailure)]
    [InlineData("no", RestartPolicy.Never)]
    [InlineData("", RestartPolicy.Never)]
    public void RestartPolicy_OfWhatStands_IsReadFromTheRuntimesWord(string word, RestartPolicy policy) => RestartPolicyNames.Read(word).ShouldBe(policy);
}
