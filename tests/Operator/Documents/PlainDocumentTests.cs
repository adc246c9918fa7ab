using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Operator.Documents;

namespace Harmony.Fleet.Tests.Operator.Documents;

/// <summary>What the quick readers take is what the serializer takes, and says the same; what is written is quick to read.</summary>
public sealed class PlainDocumentTests
{
    private const int Rounds = 6_000;
    private readonly TextCache texts = new();

    [Fact]
    public void Report_AsItIsWritten_IsReadQuickly() => TakesWhatIsWritten(samples => samples.Report(), bytes => PlainReport.Read(bytes, SampleDocuments.Device, texts));

    [Fact]
    public void Info_AsItIsWritten_IsReadQuickly() => TakesWhatIsWritten(samples => samples.Info(), bytes => PlainInfo.Read(bytes, SampleDocuments.Device, texts));

    [Fact]
    public void Heartbeat_AsItIsWritten_IsReadQuickly() => TakesWhatIsWritten(samples => samples.Beat(), bytes => PlainHeartbeat.Read(bytes, SampleDocuments.Device, texts));

    [Fact]
    public void Manifest_AsItIsWritten_IsReadQuickly() => TakesWhatIsWritten(samples => samples.Manifest(), bytes => PlainManifest.Read(bytes, SampleDocuments.Device, texts));

    [Fact]
    public void Report_OfANewerAgent_IsReadQuickly()
    {
        var bytes = """{"later":{"a":[1,{"b":"\ud800"}]},"device":"pi-1","instance":"a","sequence":1,"at":"2026-11-27T09:00:00Z","deployments":[]}"""u8;
        PlainReport.Read(bytes, SampleDocuments.Device, texts)!.Sequence.ShouldBe(1);
    }

    [Fact]
    public void Report_OfAnotherDevice_IsForTheSerializer() =>
        PlainReport.Read(new SampleDocuments(new Random(1)).Report(), DeviceId.Parse("pi-2"), texts).ShouldBeNull();

    [Fact]
    public void Report_Changed_IsReadAsTheSerializerReadsIt() => AgreesOnAll(
        samples => samples.Report(),
        bytes => PlainReport.Read(bytes, SampleDocuments.Device, texts),
        bytes => Bare(JsonSerializer.Deserialize(bytes, ContractsJson.Bus.DeviceReport)!),
        ContractsJson.Bus.DeviceReport);

    [Fact]
    public void Info_Changed_IsReadAsTheSerializerReadsIt() => AgreesOnAll(
        samples => samples.Info(),
        bytes => PlainInfo.Read(bytes, SampleDocuments.Device, texts),
        bytes => JsonSerializer.Deserialize(bytes, ContractsJson.Bus.DeviceInfo)!,
        ContractsJson.Bus.DeviceInfo);

    [Fact]
    public void Info_OfTwoLabelsWithOneName_IsForTheSerializer()
    {
        var bytes = """{"device":"pi-1","instance":"a","commandNonce":"n","at":"2026-11-27T09:00:00Z","labels":{"a":"1","a":"2"}}"""u8;
        PlainInfo.Read(bytes, SampleDocuments.Device, texts).ShouldBeNull();
    }

    [Fact]
    public void Heartbeat_Changed_IsReadAsTheSerializerReadsIt() => AgreesOnAll(
        samples => samples.Beat(),
        bytes => PlainHeartbeat.Read(bytes, SampleDocuments.Device, texts),
        bytes => JsonSerializer.Deserialize(bytes, ContractsJson.Bus.Heartbeat)!,
        ContractsJson.Bus.Heartbeat);

    [Fact]
    public void Manifest_Changed_IsReadAsTheGateReadsIt()
    {
        var keys = MasterKey.Parse(Convert.ToBase64String(new byte[32])).DeviceKeys(SampleDocuments.Device, 1);
        var gate = new ManifestGate(SampleDocuments.Device, keys);
        AgreesOnAll(
            samples => samples.Manifest(),
            bytes => PlainManifest.Read(bytes, SampleDocuments.Device, texts) is { } manifest && ManifestRules.FirstBroken(manifest, SampleDocuments.Device) is null ? manifest : null,
            bytes => gate.Judge(null, bytes, MessageMac.Sign(keys.Down, keys.Epoch, MessageKinds.Manifest, SampleDocuments.Device, bytes)).ShouldBeOfType<ManifestVerdict.Accepted>().Manifest,
            ContractsJson.Bus.DeviceManifest);
    }

    private static void TakesWhatIsWritten(Func<SampleDocuments, byte[]> write, Func<byte[], object?> read)
    {
        var samples = new SampleDocuments(new Random(1));
        for (var round = 0; round < 500; round++)
        {
            read(write(samples)).ShouldNotBeNull();
        }
    }

    /// <summary>Of documents that were changed in all sorts of ways, some by a byte, a good part is still taken, and each says what the slow reader says.</summary>
    private static void AgreesOnAll<T>(Func<SampleDocuments, byte[]> write, Func<byte[], T?> quick, Func<byte[], T> slow, JsonTypeInfo<T> type)
        where T : class
    {
        var (random, taken) = (new Random(20261127), 0);
        var samples = new SampleDocuments(random);
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Changed(write(samples), random);
            if (quick(bytes) is { } document)
            {
                taken++;
                var other = Should.NotThrow(() => slow(bytes), System.Text.Encoding.UTF8.GetString(bytes));
                JsonSerializer.Serialize(document, type).ShouldBe(JsonSerializer.Serialize(other, type), System.Text.Encoding.UTF8.GetString(bytes));
            }
        }

        taken.ShouldBeInRange(Rounds / 10, Rounds * 9 / 10);
    }

    private static byte[] Changed(byte[] written, Random random)
    {
        using var document = JsonDocument.Parse(written);
        var tree = JsonTree.Of(document.RootElement);
        for (var changes = random.Next(3); changes > 0; changes--)
        {
            tree.Change(random);
        }

        var bytes = tree.ToBytes();
        if (random.Next(4) == 0)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    /// <summary>Without what the quick reader does not keep.</summary>
    private static DeviceReport Bare(DeviceReport report) =>
        report.Device == SampleDocuments.Device ? report with { Deployments = [.. report.Deployments.Select(one => one with { Containers = ImmutableArray<ContainerReport>.Empty })] } : throw new JsonException("another device");
}
