using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Fields;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Core.Validation;

namespace Harmony.Fleet.Tests.Core.Validation;

public sealed class DeploymentValidatorTests
{
    private const string Root = "spec.score.PodmanV0";

    [Fact]
    public void Validate_Whole_FindsNothing() => Validate(Sample(new Container
    {
        Name = "web",
        Image = "localhost/hello-web:1",
        Env = [new() { Name = "A", Value = "x=y" }, new() { Name = "B" }],
        Ports = [Port(80, 8080), Port(80, 8080) with { Protocol = "UDP" }, Port(80, 81) with { HostIp = "127.0.0.1" }, Port(80, 81) with { HostIp = "127.0.0.2" }],
        VolumeMounts = [new() { HostPath = "/srv/data", MountPath = "/data" }, new() { Volume = "v_1", MountPath = "/v/", ReadOnly = true }],
        Limits = new() { MemoryBytes = 4 << 20, CpuMillicores = 10 },
    })).ShouldBeEmpty();

    public static TheoryData<string, Container> BadContainers => new()
    {
        { $"{Root}.containers[0].name: Required value: use 1 to 63 characters of a-z, 0-9 and '-', beginning and ending with a letter or digit", Good with { Name = "" } },
        { $"{Root}.containers[0].name: Invalid value: \"Web\": use 1 to 63 characters of a-z, 0-9 and '-', beginning and ending with a letter or digit", Good with { Name = "Web" } },
        { $"{Root}.containers[0].image: Required value: an image reference, for example registry.example/app:1.2", Good with { Image = "" } },
        { $"{Root}.containers[0].image: Invalid value: \"A b\": no image reference: 'A b' is no repository: it must be lower case", Good with { Image = "A b" } },
        { $"{Root}.containers[0].command[1]: Invalid value: must be a text without NUL", Good with { Command = ["sh", "a\0b"] } },
        { $"{Root}.containers[0].args[0]: Invalid value: must be a text without NUL", Good with { Args = [null!] } },
        { $"{Root}.containers[0].env[0]: Required value: an environment variable is an object", Good with { Env = [null!] } },
        { $"{Root}.containers[0].env[0].name: Required value: a name without '='", Good with { Env = [new()] } },
        { $"{Root}.containers[0].env[0].name: Invalid value: \"A=\": must not contain '=' or NUL", Good with { Env = [new() { Name = "A=" }] } },
        { $"{Root}.containers[0].env[0].value: Invalid value: must not contain NUL", Good with { Env = [new() { Name = "A", Value = "\0" }] } },
        { $"{Root}.containers[0].env[1].name: Duplicate value: \"A\"", Good with { Env = [new() { Name = "A" }, new() { Name = "A" }] } },
        { $"{Root}.containers[0].ports[0]: Required value: a port is an object", Good with { Ports = [null!] } },
        { $"{Root}.containers[0].ports[0].containerPort: Invalid value: 0: must be between 1 and 65535, inclusive", Good with { Ports = [Port(0, 1)] } },
        { $"{Root}.containers[0].ports[0].hostPort: Invalid value: 65536: must be between 1 and 65535, inclusive", Good with { Ports = [Port(1, 65536)] } },
        { $"{Root}.containers[0].ports[0].protocol: Invalid value: \"tcp\": supported values: \"TCP\", \"UDP\"", Good with { Ports = [Port(1, 1) with { Protocol = "tcp" }] } },
        { $"{Root}.containers[0].ports[0].hostIP: Invalid value: \"1\": must be a valid IP address", Good with { Ports = [Port(1, 1) with { HostIp = "1" }] } },
        { $"{Root}.containers[0].ports[1].hostPort: Duplicate value: \"80/TCP\"", Good with { Ports = [Port(1, 80), Port(2, 80) with { Protocol = "TCP" }] } },
        { $"{Root}.containers[0].ports[1].hostPort: Duplicate value: \"80/TCP\"", Good with { Ports = [Port(1, 80) with { HostIp = "127.0.0.1" }, Port(2, 80)] } },
        { $"{Root}.containers[0].ports[1].hostPort: Duplicate value: \"80/TCP\"", Good with { Ports = [Port(1, 80), Port(2, 80) with { HostIp = "::1" }] } },
        { $"{Root}.containers[0].volumeMounts[0]: Required value: a mount is an object", Good with { VolumeMounts = [null!] } },
        { $"{Root}.containers[0].volumeMounts[0]: Required value: exactly one of hostPath and volume must be set", Good with { VolumeMounts = [new() { MountPath = "/a" }] } },
        { $"{Root}.containers[0].volumeMounts[0]: Forbidden: only one of hostPath and volume may be set", Good with { VolumeMounts = [new() { MountPath = "/a", HostPath = "/b", Volume = "c" }] } },
        { $"{Root}.containers[0].volumeMounts[0].hostPath: Invalid value: \"b\": must be an absolute path without '..'", Good with { VolumeMounts = [new() { MountPath = "/a", HostPath = "b" }] } },
        { $"{Root}.containers[0].volumeMounts[0].hostPath: Invalid value: \"/b/../c\": must be an absolute path without '..'", Good with { VolumeMounts = [new() { MountPath = "/a", HostPath = "/b/../c" }] } },
        { $"{Root}.containers[0].volumeMounts[0].volume: Invalid value: \"-v\": must begin with a letter or digit, then letters, digits, '_', '.' or '-'", Good with { VolumeMounts = [new() { MountPath = "/a", Volume = "-v" }] } },
        { $"{Root}.containers[0].volumeMounts[0].mountPath: Required value: an absolute path in the container", Good with { VolumeMounts = [new() { Volume = "v" }] } },
        { $"{Root}.containers[0].volumeMounts[0].mountPath: Invalid value: \"//\": must be an absolute path without '..', and not '/' itself", Good with { VolumeMounts = [new() { Volume = "v", MountPath = "//" }] } },
        { $"{Root}.containers[0].volumeMounts[1].mountPath: Duplicate value: \"/a/\"", Good with { VolumeMounts = [new() { Volume = "v", MountPath = "/a" }, new() { Volume = "w", MountPath = "/a/" }] } },
        { $"{Root}.containers[0].ports[0].containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive", Good with { Ports = [Port(65536, 1)] } },
        { $"{Root}.containers[0].ports[0].hostPort: Invalid value: 0: must be between 1 and 65535, inclusive", Good with { Ports = [Port(1, 0)] } },
        { $"{Root}.containers[0].ports[0].hostIP: Invalid value: \"[::1]\": must be a valid IP address", Good with { Ports = [Port(1, 1) with { HostIp = "[::1]" }] } },
        { $"{Root}.containers[0].ports[0].hostIP: Invalid value: \"fe80::1%1\": must be a valid IP address", Good with { Ports = [Port(1, 1) with { HostIp = "fe80::1%1" }] } },
        { $"{Root}.containers[0].ports[1].hostPort: Duplicate value: \"80/TCP\"", Good with { Ports = [Port(1, 80) with { HostIp = "::1" }, Port(2, 80) with { HostIp = "0:0::1" }] } },
        { $"{Root}.containers[0].ports[1].hostPort: Duplicate value: \"80/TCP\"", Good with { Ports = [Port(1, 80) with { HostIp = "0.0.0.0" }, Port(2, 80) with { HostIp = "::1" }] } },
        { $"{Root}.containers[0].ports[1].hostPort: Duplicate value: \"80/TCP\"", Good with { Ports = [Port(1, 80) with { HostIp = "::1" }, Port(2, 80) with { HostIp = "::" }] } },
        { $"{Root}.containers[0].volumeMounts[0].volume: Invalid value: \"\": must begin with a letter or digit, then letters, digits, '_', '.' or '-'", Good with { VolumeMounts = [new() { MountPath = "/a", Volume = "" }] } },
        { $"{Root}.containers[0].volumeMounts[0].volume: Invalid value: \"a/b\": must begin with a letter or digit, then letters, digits, '_', '.' or '-'", Good with { VolumeMounts = [new() { MountPath = "/a", Volume = "a/b" }] } },
        { $"{Root}.containers[0].limits.memoryBytes: Invalid value: 4194303: must be at least 4194304 (4 MiB)", Good with { Limits = new() { MemoryBytes = (4 << 20) - 1 } } },
        { $"{Root}.containers[0].limits.cpuMillicores: Invalid value: 9: must be at least 10", Good with { Limits = new() { CpuMillicores = 9 } } },
    };

    /// <summary>What is just allowed.</summary>
    public static TheoryData<Container> Edges => new()
    {
        Good with { Name = new string('a', 63) },
        Good with { Ports = [Port(1, 65535), Port(65535, 1)] },
        Good with { Ports = [Port(1, 80) with { HostIp = "::1" }, Port(1, 80) with { HostIp = "127.0.0.1" }, Port(1, 80) with { HostIp = "::1", Protocol = "UDP" }] },
        Good with { VolumeMounts = [new() { Volume = new string('v', 255), MountPath = "/a" }, new() { Volume = "0a_b.c-d", MountPath = "/a/b" }] },
        Good with { VolumeMounts = [new() { HostPath = "/..a/b..", MountPath = "/..." }] },
        Good with { Env = [new() { Name = "A" }, new() { Name = "a" }] },
        Good with { Limits = new() },
    };

    [Theory]
    [MemberData(nameof(Edges))]
    public void Validate_AtTheEdge_FindsNothing(Container container) => Validate(Sample(container)).ShouldBeEmpty();

    [Theory]
    [InlineData(0, true)]
    [InlineData(3600, true)]
    [InlineData(-1, false)]
    [InlineData(3601, false)]
    public void Validate_GracePeriod_IsAnHourAtTheMost(int seconds, bool isGood)
    {
        var good = Sample(Good);
        var podman = good.Spec.Score.PodmanV0! with { TerminationGracePeriodSeconds = seconds };
        Validate(good with { Spec = good.Spec with { Score = new() { PodmanV0 = podman } } }).Select(error => error.ToString())
            .ShouldBe(isGood ? [] : [$"{Root}.terminationGracePeriodSeconds: Invalid value: {seconds}: must be between 0 and 3600, inclusive"]);
    }

    /// <summary>Two that have none are no duplicates of each other.</summary>
    [Fact]
    public void Validate_SeveralWithoutAName_AreToldOnceEach()
    {
        var container = Good with { Name = "", Env = [new(), new()], VolumeMounts = [new() { Volume = "v" }, new() { Volume = "w" }], Ports = [Port(1, 0), Port(1, 0)] };
        Validate(Sample(container, container)).Select(error => error.Message).ShouldNotContain(message => message.StartsWith("Duplicate", StringComparison.Ordinal));
        Validate(Sample(container, container)).Length.ShouldBe(2 * 7);
    }

    [Fact]
    public void Validate_WhatIsMissingAltogether_SaysWhatBelongsThere()
    {
        var none = Sample();
        Validate(none).ShouldHaveSingleItem().ToString().ShouldBe($"{Root}.containers: Required value: at least one container");
        Validate(none with { Spec = none.Spec with { Score = new() } }).ShouldHaveSingleItem().ToString()
            .ShouldBe("spec.score: Required value: exactly one kind of score must be set; known kinds: PodmanV0");
        Validate(Sample([null!])).ShouldHaveSingleItem().ToString().ShouldBe($"{Root}.containers[0]: Required value: a container is an object");
        Validate(Sample(Many(17))).ShouldHaveSingleItem().ToString().ShouldBe($"{Root}.containers: Too many: 17: must have at most 16 items");
        var podman = none.Spec.Score.PodmanV0! with { Containers = [Good], RestartPolicy = RestartPolicy.Unknown };
        Validate(none with { Spec = none.Spec with { Score = new() { PodmanV0 = podman } } }).ShouldHaveSingleItem().ToString()
            .ShouldBe($"{Root}.restartPolicy: Unsupported value: supported values: \"Always\", \"OnFailure\", \"Never\"");
    }

    private static Container Good => new() { Name = "web", Image = "a" };

    [Theory]
    [MemberData(nameof(BadContainers))]
    public void Validate_BadContainer_NamesTheField(string expected, Container container) =>
        Validate(Sample(container)).ShouldHaveSingleItem().ToString().ShouldBe(expected);

    [Fact]
    public void Validate_PortTakenByAnotherContainer_IsADuplicate() =>
        Validate(Sample(Good with { Ports = [Port(1, 80)] }, Good with { Name = "b", Ports = [Port(2, 80)] }))
            .ShouldHaveSingleItem().ToString().ShouldBe($"{Root}.containers[1].ports[0].hostPort: Duplicate value: \"80/TCP\"");

    [Fact]
    public void Validate_Containers_AreOneToSixteenWithTheirOwnNames()
    {
        Validate(Sample()).ShouldHaveSingleItem().Path.ShouldBe($"{Root}.containers");
        Validate(Sample(Good, Good)).ShouldHaveSingleItem().ToString().ShouldBe($"{Root}.containers[1].name: Duplicate value: \"web\"");
        Validate(Sample(Many(16))).ShouldBeEmpty();
        Validate(Sample(Many(17))).ShouldHaveSingleItem().Message.ShouldStartWith("Too many: 17");
        Validate(Sample([null!])).ShouldHaveSingleItem().Message.ShouldStartWith("Required value");
    }

    [Fact]
    public void Validate_NamesSelectorScoreAndPolicy_AreAllToldTogether()
    {
        var deployment = new Deployment
        {
            Metadata = new() { Name = "Hello", Labels = ImmutableSortedDictionary<string, string>.Empty.Add("-", "x") },
            Spec = new() { TargetSelector = new() { MatchExpressions = [new() { Key = "k", Operator = "Like" }] } },
        };

        Validate(deployment).Select(error => error.Path)
            .ShouldBe(["metadata.name", "metadata.namespace", "metadata.labels", "spec.targetSelector.matchExpressions[0].operator", "spec.score"]);

        var score = Sample(Good);
        var podman = score.Spec.Score.PodmanV0! with { RestartPolicy = RestartPolicy.Unknown, TerminationGracePeriodSeconds = 3601 };
        Validate(score with { Spec = score.Spec with { Score = new() { PodmanV0 = podman } } }).Select(error => error.Path)
            .ShouldBe([$"{Root}.restartPolicy", $"{Root}.terminationGracePeriodSeconds"]);
    }

    [Fact]
    public void Validate_ScoreLargerThanTheBusTakes_IsTooLong()
    {
        var large = Good with { Args = [new string('x', WireLimits.MaxScoreBytes)] };

        var most = WireLimits.MaxScoreBytes - CanonicalScore.ToBytes(Sample(Good with { Args = [""] }).Spec.Score).Length;
        Validate(Sample(Good with { Args = [new string('x', most)] })).ShouldBeEmpty();
        Validate(Sample(Good with { Args = [new string('x', most + 1)] })).ShouldHaveSingleItem();
        var error = Validate(Sample(large)).ShouldHaveSingleItem();
        error.Path.ShouldBe("spec.score");
        error.Message.ShouldMatch(@"^Too long: \d+ bytes of JSON, may not be more than 57344$");
    }

    [Fact]
    public void Validate_SecretValue_IsNotRepeated() =>
        Validate(Sample(Good with { Env = [new() { Name = "A", Value = "s3cret\0" }] })).ShouldHaveSingleItem().ToString().ShouldNotContain("s3cret");

    [Fact]
    public void Validate_WhateverJsonReads_NeverThrows()
    {
        var text = Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(Sample(Good with { Ports = [Port(1, 2)], Env = [new() { Name = "A" }] }), ContractsJson.Resources.Deployment));
        var parts = Gen.Elements("\"web\"", "[", "{}", "null", "\"A\"", "80", "\"\"", "[null]", "-1", "\"In\"");
        Prop.ForAll(Gen.Choose(0, text.Length - 1).ToArbitrary(), Gen.Choose(0, 12).ToArbitrary(), parts.ToArbitrary(), (at, length, part) =>
        {
            var changed = text[..at] + part + text[Math.Min(text.Length, at + length)..];
            try
            {
                return JsonSerializer.Deserialize(changed, ContractsJson.Resources.Deployment) is not { } read || !DeploymentValidator.Validate(read).IsDefault;
            }
            catch (JsonException)
            {
                return true;
            }
        }).Check(Runs.Of(3000));
    }

    private static ImmutableArray<FieldError> Validate(Deployment deployment) => DeploymentValidator.Validate(deployment);

    private static Deployment Sample(params Container[] containers) => new()
    {
        Metadata = new() { Name = "hello", Namespace = "default" },
        Spec = new() { TargetSelector = new(), Score = new() { PodmanV0 = new() { Containers = [.. containers] } } },
    };

    private static ContainerPort Port(int port, int hostPort) => new() { Port = port, HostPort = hostPort };

    private static Container[] Many(int count) => [.. Enumerable.Range(0, count).Select(number => Good with { Name = $"c{number}" })];
}
