using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Documents;

/// <summary>Reads a manifest of the plain form in a fraction of the time that the gate of devices takes, which judges all others.</summary>
internal static class PlainManifest
{
    private const uint Required = (1 << (int)Field.Device) | (1 << (int)Field.Generation) | (1 << (int)Field.Entries);
    private const uint RequiredOfEntries = (1 << ((int)EntryField.Key + 1)) - 1;
    private static readonly byte[][] Names = PlainJson.NamesOf<Field>();
    private static readonly byte[][] EntryNames = PlainJson.NamesOf<EntryField>();

    private enum Field
    {
        ApiVersion,
        Device,
        Generation,
        Entries,
    }

    private enum EntryField
    {
        Namespace,
        Name,
        Uid,
        ScoreDigest,
        Address,
        Key,
    }

    /// <summary>The manifest of <paramref name="device"/>; null where the gate has to judge it.</summary>
    public static DeviceManifest? Read(ReadOnlySpan<byte> bytes, DeviceId device, TextCache texts)
    {
        var json = new PlainJson(bytes, texts, takesUnknown: false);
        return json.Whole((ref json) => Read(ref json, device));
    }

    private static DeviceManifest Read(ref PlainJson json, DeviceId device)
    {
        json.BeginObject();
        var (seen, generation, entries) = (0u, default(Generation), ImmutableArray<ManifestEntry>.Empty);
        for (int field; (field = json.NextField(Names, ref seen)) != PlainJson.End;)
        {
            switch ((Field)field)
            {
                case Field.ApiVersion:
                    json.Text(BusVersion.V1);
                    break;
                case Field.Device:
                    json.Text(device.Value);
                    break;
                case Field.Generation:
                    generation = PlainGeneration.Read(ref json);
                    break;
                default:
                    entries = ReadEntries(ref json);
                    break;
            }
        }

        json.Demand((seen & Required) == Required);
        return new() { Device = device, Generation = generation, Entries = entries };
    }

    private static ImmutableArray<ManifestEntry> ReadEntries(ref PlainJson json)
    {
        json.BeginArray();
        var entries = ImmutableArray.CreateBuilder<ManifestEntry>();
        while (json.NextElement())
        {
            entries.Add(ReadEntry(ref json));
        }

        return entries.DrainToImmutable();
    }

    private static ManifestEntry ReadEntry(ref PlainJson json)
    {
        json.BeginObject();
        var (seen, space, name, uid) = (0u, default(NamespaceName), default(DeploymentName), string.Empty);
        var (digest, address, key) = (default(Digest), default(Digest), (byte[])[]);
        for (int field; (field = json.NextField(EntryNames, ref seen)) != PlainJson.End;)
        {
            switch ((EntryField)field)
            {
                case EntryField.Namespace:
                    space = json.Name<NamespaceName>();
                    break;
                case EntryField.Name:
                    name = json.Name<DeploymentName>();
                    break;
                case EntryField.Uid:
                    uid = json.Shared();
                    break;
                case EntryField.ScoreDigest:
                    digest = json.Name<Digest>();
                    break;
                case EntryField.Address:
                    address = json.Name<Digest>();
                    break;
                default:
                    key = json.Base64();
                    break;
            }
        }

        json.Demand((seen & RequiredOfEntries) == RequiredOfEntries);
        return new() { Namespace = space, Name = name, Uid = uid, ScoreDigest = digest, Address = address, Key = key };
    }
}
