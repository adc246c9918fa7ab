using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.LoadTest.Plans;

namespace Harmony.Fleet.Tests.LoadTest.Plans;

/// <summary>What is put together of parts is what an agent would write.</summary>
public sealed class DocumentWriterTests
{
    private static readonly MasterKey Master = MasterKey.Parse(Convert.ToBase64String(new byte[32]));
    private readonly LoadPlan plan = new(30, 20);
    private readonly DocumentWriter documents;

    public DocumentWriterTests() => documents = new DocumentWriter(
        plan, [.. Enumerable.Range(0, 20).Select(number => ($"uid-{number}", Digest.Of([(byte)number])))], Master, TimeProvider.System);

    [Fact]
    public void Report_IsReadAsAnAgents_AndSaysWhatItIsTold()
    {
        const int Device = 29;
        var numbers = plan.DeploymentsOf(Device);
        var phases = numbers.Select((_, index) => (Phase[])[Phase.Running, Phase.Failed, Phase.Pulling]).SelectMany(three => three).Take(numbers.Length).ToArray();

        documents.Report(Device, phases);
        documents.Hold(Device, new Generation(3, 4), Digest.Of("manifest"u8));
        var bytes = documents.Report(Device, phases);
        var report = JsonSerializer.Deserialize(bytes, ContractsJson.Bus.DeviceReport)!;

        report.Device.ShouldBe(LoadPlan.Device(Device));
        report.Sequence.ShouldBe(2);
        report.Order.IsKnown.ShouldBeTrue();
        report.ManifestGeneration.ShouldBe(new Generation(3, 4));
        report.ManifestDigest.ShouldBe(Digest.Of("manifest"u8));
        report.Deployments.Select(one => one.Name).ShouldBe(numbers.Select(LoadPlan.Name));
        report.Deployments.Select(one => one.Phase).ShouldBe(phases);
        report.Deployments.Select(one => one.Uid).ShouldBe(numbers.Select(number => $"uid-{number}"));
        report.Deployments.Where(one => one.Phase == Phase.Failed).ShouldAllBe(one => one.LastError != null);
    }

    [Fact]
    public void Documents_HaveTheMacOfTheirDevice()
    {
        var keys = Master.DeviceKeys(LoadPlan.Device(3), 1);
        foreach (var (kind, document) in new[] { (MessageKinds.Info, documents.Info(3)), (MessageKinds.Heartbeat, documents.Beat(3)), (MessageKinds.Report, documents.Report(3, [Phase.Running])) })
        {
            MessageMac.Verify(keys.Up, 1, kind, LoadPlan.Device(3), document, documents.Sign(3, kind, document)).ShouldBeTrue(kind);
        }
    }
}
