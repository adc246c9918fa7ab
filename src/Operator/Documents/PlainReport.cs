using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Documents;

/// <summary>Reads a report of the plain form in a fraction of the serializer's time. Containers are looked at and not kept: nothing is decided by them.</summary>
internal static class PlainReport
{
    private const uint Required = (1 << (int)Field.Device) | (1 << (int)Field.Instance) | (1 << (int)Field.Sequence) | (1 << (int)Field.At);
    private static readonly byte[][] Names = PlainJson.NamesOf<Field>();

    private enum Field
    {
        ApiVersion,
        Device,
        Instance,
        Boot,
        Sequence,
        At,
        ManifestGeneration,
        ManifestDigest,
        Refusal,
        Deployments,
    }

    /// <summary>The report of <paramref name="device"/>; null where the serializer has to judge it.</summary>
    public static DeviceReport? Read(ReadOnlySpan<byte> bytes, DeviceId device, TextCache texts)
    {
        var json = new PlainJson(bytes, texts, takesUnknown: true);
        return json.Whole((ref json) => Read(ref json, device));
    }

    private static DeviceReport Read(ref PlainJson json, DeviceId device)
    {
        json.BeginObject();
        var (seen, version, instance, boot, sequence, at) = (0u, BusVersion.V1, string.Empty, 0L, 0L, default(DateTimeOffset));
        var (generation, digest, deployments) = ((Generation?)null, (Digest?)null, ImmutableArray<DeploymentReport>.Empty);
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
                case Field.ManifestGeneration:
                    generation = json.IsNull() ? null : PlainGeneration.Read(ref json);
                    break;
                case Field.ManifestDigest:
                    digest = json.IsNull() ? null : json.Name<Digest>();
                    break;
                case Field.Refusal:
                    json.Demand(json.IsNull()); // They are seldom.
                    break;
                default:
                    deployments = PlainDeployments.Read(ref json);
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
            At = at,
            ManifestGeneration = generation,
            ManifestDigest = digest,
            Deployments = deployments,
        };
    }
}
