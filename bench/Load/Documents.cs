using System.Diagnostics;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.LoadTest.Plans;
using Harmony.Fleet.Operator.Documents;

namespace Harmony.Fleet.Bench.Load;

/// <summary>What it costs to read a document: by the operator's quick readers, and by the serializer.</summary>
internal static class Documents
{
    private const int Devices = 1_000;
    private static readonly TextCache Texts = new();

    public static void Run()
    {
        var plan = new LoadPlan(Devices, Devices / 10);
        var identities = Enumerable.Range(0, plan.Deployments).Select(number => ($"00000000-0000-0000-0000-{number:D12}", Digest.Of(BitConverter.GetBytes(number)))).ToArray();
        var master = MasterKey.Parse(Convert.ToBase64String(new byte[32]));
        var documents = new DocumentWriter(plan, identities, master, TimeProvider.System);
        var reports = All(device => documents.Report(device, Enumerable.Repeat(Phase.Running, plan.DeploymentsOf(device).Length).ToArray()));
        var manifests = All(device => Manifest(plan, identities, device));
        var (infos, beats) = (All(documents.Info), All(documents.Beat));
        for (var round = 1; round <= 5; round++)
        {
            Console.WriteLine($"round {round}");
            Time("report", reports, (device, bytes) => PlainReport.Read(bytes, device, Texts), bytes => JsonSerializer.Deserialize(bytes, ContractsJson.Bus.DeviceReport));
            Time("heartbeat", beats, (device, bytes) => PlainHeartbeat.Read(bytes, device, Texts), bytes => JsonSerializer.Deserialize(bytes, ContractsJson.Bus.Heartbeat));
            Time("manifest", manifests, (device, bytes) => PlainManifest.Read(bytes, device, Texts), bytes => JsonSerializer.Deserialize(bytes, ContractsJson.Bus.DeviceManifest));
            Time("info", infos, (device, bytes) => PlainInfo.Read(bytes, device, Texts), bytes => JsonSerializer.Deserialize(bytes, ContractsJson.Bus.DeviceInfo));
            var keys = All(device => master.DeviceKeys(LoadPlan.Device(device), 1).Up);
            var macs = Enumerable.Range(0, Devices).Select(device => documents.Sign(device, MessageKinds.Report, reports[device])).ToArray();
            var at = 0;
            Measure("the MAC of a report", reports, (device, bytes) => MessageMac.Verify(keys[at % Devices], 1, MessageKinds.Report, device, bytes, macs[at++ % Devices]) ? bytes : null);
            Measure("SHA-256 of a report", reports, (_, bytes) => Digest.Of(bytes));
        }
    }

    private static byte[][] All(Func<int, byte[]> write) => [.. Enumerable.Range(0, Devices).Select(write)];

    private static byte[] Manifest(LoadPlan plan, (string Uid, Digest Digest)[] identities, int device) => JsonSerializer.SerializeToUtf8Bytes(
        new DeviceManifest
        {
            Device = LoadPlan.Device(device),
            Generation = new(1, 2),
            Entries =
            [
                .. plan.DeploymentsOf(device).Select(number => new ManifestEntry
                {
                    Namespace = NamespaceName.Parse("default"), Name = LoadPlan.Name(number), Uid = identities[number].Uid, ScoreDigest = identities[number].Digest, Address = identities[number].Digest, Key = new byte[32],
                }),
            ],
        },
        ContractsJson.Bus.DeviceManifest);

    private static void Time(string what, byte[][] documents, Func<DeviceId, byte[], object?> quick, Func<byte[], object?> slow)
    {
        var serializer = Measure($"{what} of {documents[^1].Length:N0} bytes by the serializer", documents, (_, bytes) => slow(bytes));
        Console.WriteLine($"    {serializer / Measure($"{what} by the quick reader", documents, quick):F1} times as quick");
    }

    private static double Measure(string what, byte[][] documents, Func<DeviceId, byte[], object?> read)
    {
        var devices = Enumerable.Range(0, Devices).Select(LoadPlan.Device).ToArray();
        var (began, bytes, count) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread(), 0);
        for (var round = 0; round < 20; round++)
        {
            for (var device = 0; device < Devices; device++, count++)
            {
                _ = read(devices[device], documents[device]) ?? throw new InvalidOperationException($"{what}: it was not read.");
            }
        }

        var each = Stopwatch.GetElapsedTime(began).TotalNanoseconds / count;
        Console.WriteLine($"  {what}: {each:N0} ns, {(GC.GetAllocatedBytesForCurrentThread() - bytes) / count:N0} bytes");
        return each;
    }
}
