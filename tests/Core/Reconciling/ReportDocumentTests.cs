using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Tests.Core.Reconciling;

public sealed class ReportDocumentTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void ToBytes_Small_LeavesNothingOut()
    {
        var report = Report(2, containers: 2, error: "boom", Phase.Failed);
        var read = Read(report);
        read.Deployments.ShouldAllBe(item => item.LastError == "boom" && item.Containers.Length == 2);
    }

    [Fact]
    public void ToBytes_TooLarge_LeavesTheOldestErrorsOutFirst()
    {
        var report = Report(64, containers: 2, error: new string('x', 512), Phase.Failed);
        var read = Read(report);
        var left = read.Deployments.Select(item => item.LastError is not null).ToArray();
        left.ShouldContain(false);
        left.ShouldContain(true);
        left.ShouldBe([.. left.Order()], "later ones are younger");
        read.Deployments.ShouldAllBe(item => item.Containers.Length == 2);
    }

    [Theory]
    [InlineData(Phase.Running)]
    [InlineData(Phase.Failed)]
    public void ToBytes_LargestOfAll_KeepsEveryPhase(Phase phase)
    {
        var read = Read(Report(64, containers: 16, error: new string('\u0001', 512), phase));
        read.Deployments.Length.ShouldBe(64);
        read.Deployments.ShouldAllBe(item => item.Phase == phase && item.Containers.IsEmpty);
    }

    [Fact]
    public void ToBytes_RunningAndFailed_KeepsTheContainersOfTheFailed()
    {
        var many = Report(64, containers: 16, error: null, Phase.Running);
        var report = many with { Deployments = [many.Deployments[0] with { Phase = Phase.Failed }, .. many.Deployments.Skip(1)] };
        var read = Read(report);
        read.Deployments[0].Containers.Length.ShouldBe(16);
        read.Deployments[1].Containers.ShouldBeEmpty();
    }

    private static DeviceReport Read(DeviceReport report)
    {
        var bytes = ReportDocument.ToBytes(report);
        bytes.Length.ShouldBeLessThanOrEqualTo(WireLimits.MaxDocumentBytes);
        return JsonSerializer.Deserialize(bytes, ContractsJson.Bus.DeviceReport)!;
    }

    private static DeviceReport Report(int deployments, int containers, string? error, Phase phase) => new()
    {
        Device = Some.Device,
        Instance = "i",
        Sequence = 1,
        At = Now,
        Deployments =
        [
            .. Enumerable.Range(0, deployments).Select(index => new DeploymentReport
            {
                Namespace = NamespaceName.Parse(new string('n', 63)),
                Name = DeploymentName.Parse($"d{index:D62}"),
                Uid = new string('u', 128),
                ScoreDigest = Digest.Of("x"u8),
                Phase = phase,
                Since = Now.AddSeconds(index),
                LastError = error,
                Containers = [.. Enumerable.Range(0, containers).Select(number => Container(number))],
            }),
        ],
    };

    private static ContainerReport Container(int number) => new()
    {
        Name = $"c{number}",
        Id = new string('a', 64),
        State = "running",
        StartedAt = Now,
    };
}
