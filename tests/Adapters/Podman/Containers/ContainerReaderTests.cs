using System.Text;
using System.Text.Json;
using Harmony.Fleet.Adapters.Podman.Containers;
using Harmony.Fleet.Adapters.Podman.Images;
using Harmony.Fleet.Adapters.Podman.Json;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Tests.Adapters.Podman.Containers;

/// <summary>What podman writes in several ways, by version and by history.</summary>
public sealed class ContainerReaderTests
{
    private static readonly string Anonymous = new('a', 64);
    private static readonly DateTimeOffset Booted = new(2026, 11, 21, 7, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("created", ContainerState.Created)]
    [InlineData("configured", ContainerState.Created)]
    [InlineData("initialized", ContainerState.Created)]
    [InlineData("running", ContainerState.Running)]
    [InlineData("paused", ContainerState.Paused)]
    [InlineData("stopping", ContainerState.Stopping)]
    [InlineData("removing", ContainerState.Removing)]
    [InlineData("stopped", ContainerState.Exited)]
    [InlineData("exited", ContainerState.Exited)]
    [InlineData("dead", ContainerState.Exited)]
    [InlineData("levitating", ContainerState.Unknown)]
    public void State_OfPodmansWord_IsKnown(string word, ContainerState state)
    {
        var container = Read($$$"""{"Id":"1","Name":"/n","State":{"Status":"{{{word}}}","ExitCode":7,"StartedAt":"2026-11-21T08:00:00Z","FinishedAt":"2026-11-21T09:00:00Z"}}""");

        container.State.ShouldBe(state);
        container.StateText.ShouldBe(word);
        container.ExitCode.ShouldBe(state == ContainerState.Exited ? 7 : null);
        container.Name.ShouldBe("n");
    }

    /// <summary>
    /// After a power cut podman shows some containers as exited, with an exit code that none of them had; and one that ends at once has an end
    /// before its beginning.
    /// </summary>
    [Theory]
    [InlineData("2026-11-21T08:00:00Z", "2026-11-21T09:00:00Z", 7)]
    [InlineData("2026-11-21T08:00:00Z", "2026-11-21T08:00:00Z", 7)]
    [InlineData("2026-11-21T08:00:00.482Z", "2026-11-21T08:00:00.478Z", 7)]
    [InlineData("2026-11-21T06:59:59.482Z", "2026-11-21T06:59:59.478Z", null)]
    [InlineData("2026-11-21T08:00:00Z", "2026-11-21T07:30:00Z", null)]
    [InlineData("2026-11-21T08:00:00Z", "0001-01-01T00:00:00Z", null)]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z", null)]
    public void ExitCode_OfOneWhoseEndNobodySaw_IsNotKnown(string started, string finished, int? expected) =>
        Read($$$"""{"Id":"1","Name":"n","State":{"Status":"exited","ExitCode":7,"StartedAt":"{{{started}}}","FinishedAt":"{{{finished}}}"}}""").ExitCode.ShouldBe(expected);

    [Theory]
    [InlineData("reading information about layer \"75b7\": layer not known", ContainerState.Damaged)]
    [InlineData("opening file: too many open files", ContainerState.Unreadable)]
    public void ReadListed_OfOneThatPodmanCannotShow_SaysWhoseItIs(string message, ContainerState expected)
    {
        var listed = new ListedContainer { Id = "1", Names = ["web"], Image = "app:1", Labels = new() { ["a"] = "b" } };
        var container = ContainerReader.ReadListed(listed, new Fault(FaultKind.Transient, message))!;
        (container.Id, container.Name, container.State, container.StateText, container.Labels["a"]).ShouldBe(("1", "web", expected, message, "b"));
        ContainerReader.ReadListed(listed with { Names = [] }, new Fault(FaultKind.Transient, message)).ShouldBeNull();
    }

    [Fact]
    public void Read_OfNothingButANameAndAnId_HasDefaults()
    {
        var container = Read("""{"Id":"1","Name":"n"}""");

        container.StartedAt.ShouldBeNull();
        container.RestartPolicy.ShouldBe("no");
        container.Entrypoint.ShouldBeEmpty();
        container.Ports.ShouldBeEmpty();
        container.ImageId.ShouldBeEmpty();
        container.CpuMillicores.ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"Id":"","Name":"n"}""")]
    [InlineData("""{"Name":"n"}""")]
    [InlineData("""{"Id":"1"}""")]
    public void Read_WithoutIdOrName_IsNothing(string json) =>
        ContainerReader.Read(Document(json), new ImageDefaults(), Booted).ShouldBeNull();

    [Theory]
    [InlineData("0001-01-01T00:00:00Z", null)]
    [InlineData("2026-11-21T08:11:13.311440235Z", "2026-11-21T08:11:13.3114402Z")]
    [InlineData("2026-11-21T10:11:13.5+02:00", "2026-11-21T08:11:13.5Z")]
    public void StartedAt_OfGosTimes_IsRead(string written, string? expected) =>
        Read($$$"""{"Id":"1","Name":"n","State":{"StartedAt":"{{{written}}}"}}""").StartedAt
            .ShouldBe(expected is null ? null : DateTimeOffset.Parse(expected));

    [Theory]
    [InlineData("""{"Path":"/bin/sh","Args":["-c","x y"],"Config":{"Cmd":["-c","x y"],"Entrypoint":"/bin/sh"}}""", "/bin/sh", "-c|x y")]
    [InlineData("""{"Path":"/bin/sh","Args":["-c","x y"],"Config":{"Cmd":null,"Entrypoint":["/bin/sh","-c","x y"]}}""", "/bin/sh|-c|x y", "")]
    [InlineData("""{"Path":"/bin/sh","Args":["-c","x"],"Config":{"Cmd":["other"]}}""", "", "/bin/sh|-c|x")]
    [InlineData("""{"Path":"a","Args":["b","a","b"],"Config":{"Cmd":["a","b"]}}""", "a|b", "a|b")]
    [InlineData("""{"Path":"a","Args":null,"Config":{"Cmd":["x","y","z"]}}""", "", "a")]
    [InlineData("""{"Path":"a","Args":[""],"Config":{"Cmd":[""]}}""", "a", "<empty>")]
    [InlineData("""{"Path":"a","Args":["a"],"Config":{"Cmd":null,"Entrypoint":"a"}}""", "a", "")]
    [InlineData("""{"Path":"a","Args":["a"],"Config":{"Cmd":null,"Entrypoint":["a"]}}""", "a", "")]
    [InlineData("""{"Path":"a","Args":["a"],"Config":{"Cmd":["a"],"Entrypoint":""}}""", "", "a")]
    [InlineData("""{"Path":"a","Args":["a"],"Config":{"Cmd":["a"],"Entrypoint":"a"}}""", "a", "a")]
    [InlineData("""{"Path":"a","Args":["a"],"Config":{"Cmd":null,"Entrypoint":["a","a"]}}""", "a|a", "")]
    [InlineData("""{"Path":"a","Args":["a"],"Config":{"Cmd":null,"Entrypoint":7}}""", "a", "")]
    public void Words_OfEachVersion_AreTakenApart(string json, string entrypoint, string command)
    {
        var container = Read("""{"Id":"1","Name":"n",""" + json[1..]);

        container.Entrypoint.ShouldBe(Split(entrypoint));
        container.Command.ShouldBe(Split(command));
    }

    [Fact]
    public void Ports_OfAllKinds_AreNormal() => Read(
        """
        {"Id":"1","Name":"n","HostConfig":{"PortBindings":{
          "80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"},{"HostIp":"","HostPort":"8079"}],
          "53/udp":[{"HostIp":"127.0.0.1","HostPort":"53"}],
          "54":[{"HostPort":"54"}],
          "90/tcp":null,"91/tcp":[null],"x/tcp":[{"HostPort":"1"}],"92/tcp":[{"HostPort":"-1"}],"93/tcp":[{"HostPort":"99999999999999"}]}}}
        """).Ports.ShouldBe(
        [
            new(53, 53, "127.0.0.1", "udp"),
            new(54, 54, string.Empty, "tcp"),
            new(80, 8079, string.Empty, "tcp"),
            new(80, 8080, string.Empty, "tcp"),
        ]);

    [Fact]
    public void Mounts_OfTheImage_AreNotTheContainers() => Read(
        $$"""
        {"Id":"1","Name":"n","Mounts":[
          {"Type":"volume","Name":"{{Anonymous}}","Destination":"/of-the-image","RW":true},
          {"Type":"volume","Name":"{{Anonymous}}","Destination":"/by-hand","RW":true},
          {"Type":"volume","Name":"named","Source":"/var/lib/x/_data","Destination":"/data","RW":false},
          {"Type":"bind","Source":"/src","Destination":"/b","RW":true}, null, {"Type":"bind"}]}
        """,
        new ImageDefaults { Volumes = ["/of-the-image"] }).Mounts.ShouldBe(
        [
            new(MountKind.Bind, "/src", "/b", ReadOnly: false),
            new(MountKind.Volume, Anonymous, "/by-hand", ReadOnly: false),
            new(MountKind.Volume, "named", "/data", ReadOnly: true),
        ]);

    [Theory]
    [InlineData("""{"CpuQuota":25000,"CpuPeriod":100000}""", 250)]
    [InlineData("""{"CpuQuota":1000,"CpuPeriod":100000}""", 10)]
    [InlineData("""{"CpuQuota":-1,"CpuPeriod":100000}""", 0)]
    [InlineData("""{"NanoCpus":1337000000}""", 1337)]
    [InlineData("""{"CpuQuota":9223372036854775807,"CpuPeriod":1}""", int.MaxValue)]
    [InlineData("{}", 0)]
    public void Millicores_OfQuotaOrNanos_AreTheSame(string host, int millicores) =>
        Read("""{"Id":"1","Name":"n","HostConfig":""" + host + "}").CpuMillicores.ShouldBe(millicores);

    [Fact]
    public void Environment_OfOddLines_IsRead()
    {
        var env = Read("""{"Id":"1","Name":"n","Config":{"Env":["A=1=2","B=","C",null,"A=3"]}}""").Env;

        env.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { [""] = "", ["A"] = "3", ["B"] = "", ["C"] = "" }, ignoreOrder: true);
    }

    [Theory]
    [InlineData("sha256:abc", "abc")]
    [InlineData("abc", "abc")]
    [InlineData(null, "")]
    public void ImageId_WithOrWithoutPrefix_IsTheSame(string? id, string expected) => ImageReader.ImageId(id).ShouldBe(expected);

    private static string[] Split(string words) =>
        words.Length == 0 ? [] : [.. words.Split('|').Select(word => word == "<empty>" ? string.Empty : word)];

    private static ObservedContainer Read(string json, ImageDefaults? defaults = null) =>
        ContainerReader.Read(Document(json), defaults ?? new ImageDefaults(), Booted).ShouldNotBeNull();

    private static InspectDocument Document(string json) =>
        JsonSerializer.Deserialize(Encoding.UTF8.GetBytes(json), PodmanJson.Default.InspectDocument)!;
}
