using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Documents;

/// <summary>Reads an info of the plain form in a fraction of the serializer's time.</summary>
internal static class PlainInfo
{
    private const uint Required = (1 << (int)Field.Device) | (1 << (int)Field.Instance) | (1 << (int)Field.CommandNonce) | (1 << (int)Field.At);
    private static readonly byte[][] Names = PlainJson.NamesOf<Field>();
    private static readonly byte[][] InventoryNames = PlainJson.NamesOf<InventoryField>();

    private enum Field
    {
        ApiVersion,
        Device,
        Instance,
        Boot,
        Sequence,
        CommandNonce,
        At,
        AgentVersion,
        Capabilities,
        Labels,
        Inventory,
        HealthFlags,
    }

    private enum InventoryField
    {
        Hostname,
        Architecture,
        Model,
        OperatingSystem,
        Kernel,
        MemoryBytes,
        DiskBytes,
        Cpus,
        PodmanVersion,
    }

    /// <summary>The info of <paramref name="device"/>; null where the serializer has to judge it.</summary>
    public static DeviceInfo? Read(ReadOnlySpan<byte> bytes, DeviceId device, TextCache texts)
    {
        var json = new PlainJson(bytes, texts, takesUnknown: true);
        return json.Whole((ref json) => Read(ref json, device));
    }

    private static DeviceInfo Read(ref PlainJson json, DeviceId device)
    {
        json.BeginObject();
        var (seen, version, instance, boot, sequence, nonce, at, agent) = (0u, BusVersion.V1, string.Empty, 0L, 0L, string.Empty, default(DateTimeOffset), string.Empty);
        var (capabilities, flags) = (ImmutableArray<string>.Empty, ImmutableArray<string>.Empty);
        var (labels, inventory) = (ImmutableSortedDictionary<string, string>.Empty, new Inventory());
        for (int field; (field = json.NextField(Names, ref seen)) != PlainJson.End;)
        {
            switch ((Field)field)
            {
                case Field.ApiVersion:
                    version = json.Shared();
                    break;
                case Field.Device:
                    json.Text(device.Value);
                    break;
                case Field.Instance:
                    instance = json.Text();
                    break;
                case Field.Boot:
                    boot = json.Whole();
                    break;
                case Field.Sequence:
                    sequence = json.Whole();
                    break;
                case Field.CommandNonce:
                    nonce = json.Text();
                    break;
                case Field.At:
                    at = json.Time();
                    break;
                case Field.AgentVersion:
                    agent = json.Shared();
                    break;
                case Field.Capabilities:
                    capabilities = ReadWords(ref json);
                    break;
                case Field.Labels:
                    labels = ReadLabels(ref json);
                    break;
                case Field.Inventory:
                    inventory = ReadInventory(ref json);
                    break;
                default:
                    flags = ReadWords(ref json);
                    break;
            }
        }

        json.Demand((seen & Required) == Required);
        return new()
        {
            ApiVersion = version,
            Device = device,
            Instance = instance,
            Boot = boot,
            Sequence = sequence,
            CommandNonce = nonce,
            At = at,
            AgentVersion = agent,
            Capabilities = capabilities,
            Labels = labels,
            Inventory = inventory,
            HealthFlags = flags,
        };
    }

    private static ImmutableArray<string> ReadWords(ref PlainJson json)
    {
        json.BeginArray();
        var words = ImmutableArray.CreateBuilder<string>();
        while (json.NextElement())
        {
            words.Add(json.Shared());
        }

        return words.DrainToImmutable();
    }

    private static ImmutableSortedDictionary<string, string> ReadLabels(ref PlainJson json)
    {
        json.BeginObject();
        var labels = ImmutableSortedDictionary<string, string>.Empty.ToBuilder();
        while (json.NextName() is { } name)
        {
            json.Demand(labels.TryAdd(name, json.Shared()));
        }

        return labels.ToImmutable();
    }

    private static Inventory ReadInventory(ref PlainJson json)
    {
        json.BeginObject();
        var (seen, hostname, architecture, model, system, kernel, podman) = (0u, string.Empty, string.Empty, string.Empty, string.Empty, string.Empty, string.Empty);
        var (memory, disk, cpus) = (0L, 0L, 0);
        for (int field; (field = json.NextField(InventoryNames, ref seen)) != PlainJson.End;)
        {
            switch ((InventoryField)field)
            {
                case InventoryField.Hostname:
                    hostname = json.Text();
                    break;
                case InventoryField.Architecture:
                    architecture = json.Shared();
                    break;
                case InventoryField.Model:
                    model = json.Shared();
                    break;
                case InventoryField.OperatingSystem:
                    system = json.Shared();
                    break;
                case InventoryField.Kernel:
                    kernel = json.Shared();
                    break;
                case InventoryField.MemoryBytes:
                    memory = json.Whole();
                    break;
                case InventoryField.DiskBytes:
                    disk = json.Whole();
                    break;
                case InventoryField.Cpus:
                    cpus = json.Whole32();
                    break;
                default:
                    podman = json.Shared();
                    break;
            }
        }

        return new()
        {
            Hostname = hostname, Architecture = architecture, Model = model, OperatingSystem = system, Kernel = kernel, MemoryBytes = memory, DiskBytes = disk, Cpus = cpus, PodmanVersion = podman,
        };
    }
}
