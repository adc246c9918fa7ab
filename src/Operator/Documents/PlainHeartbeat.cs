using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Documents;

/// <summary>Reads a heartbeat of the plain form in a fraction of the serializer's time.</summary>
internal static class PlainHeartbeat
{
    private const uint Required = (1 << (int)Field.Device) | (1 << (int)Field.Instance) | (1 << (int)Field.At);
    private static readonly byte[][] Names = PlainJson.NamesOf<Field>();

    private enum Field
    {
        ApiVersion,
        Device,
        Instance,
        Boot,
        Sequence,
        At,
        UptimeSeconds,
        Load,
    }

    /// <summary>The heartbeat of <paramref name="device"/>; null where the serializer has to judge it.</summary>
    public static Heartbeat? Read(ReadOnlySpan<byte> bytes, DeviceId device, TextCache texts)
    {
        var json = new PlainJson(bytes, texts, takesUnknown: true);
        return json.Whole((ref json) => Read(ref json, device));
    }

    private static Heartbeat Read(ref PlainJson json, DeviceId device)
    {
        json.BeginObject();
        var (seen, version, instance, boot, sequence, at) = (0u, BusVersion.V1, string.Empty, 0L, 0L, default(DateTimeOffset));
        var (uptime, load) = (0L, 0d);
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
                case Field.At:
                    at = json.Time();
                    break;
                case Field.UptimeSeconds:
                    uptime = json.Whole();
                    break;
                default:
                    load = json.Number();
                    break;
            }
        }

        json.Demand((seen & Required) == Required);
        return new() { ApiVersion = version, Device = device, Instance = instance, Boot = boot, Sequence = sequence, At = at, UptimeSeconds = uptime, Load = load };
    }
}
