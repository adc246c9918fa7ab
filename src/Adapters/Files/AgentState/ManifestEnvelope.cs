using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Ports.State;

namespace Harmony.Fleet.Adapters.Files.AgentState;

/// <summary>
/// The bytes of a state file: <c>HFSTATE</c>, version (1 byte), term and counter (8 bytes each), length of the MAC (2), the MAC,
/// the manifest's bytes, SHA-256 of all before. Numbers are little endian. Any flipped bit and any missing or added byte shows.
/// </summary>
internal static class ManifestEnvelope
{
    /// <summary>The largest file.</summary>
    public const int MaxBytes = WireLimits.MaxDocumentBytes + 1024;

    private const byte Version = 1;
    private const int TermAt = 8;
    private const int CounterAt = 16;
    private const int MacLengthAt = 24;
    private const int MacAt = 26;

    private static ReadOnlySpan<byte> Magic => "HFSTATE"u8;

    /// <summary>The file for <paramref name="manifest"/>.</summary>
    public static byte[] Write(HeldManifest manifest)
    {
        var mac = Encoding.UTF8.GetBytes(manifest.Mac);
        var covered = MacAt + mac.Length + manifest.Bytes.Length;
        var file = new byte[covered + SHA256.HashSizeInBytes];
        Magic.CopyTo(file);
        file[Magic.Length] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(TermAt), manifest.Mark.Generation.Term);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(CounterAt), manifest.Mark.Generation.Counter);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(MacLengthAt), checked((ushort)mac.Length));
        mac.CopyTo(file, MacAt);
        manifest.Bytes.Span.CopyTo(file.AsSpan(MacAt + mac.Length));
        SHA256.HashData(file.AsSpan(0, covered), file.AsSpan(covered));
        return file;
    }

    /// <summary>Reads a file: the manifest, or why it is none.</summary>
    public static (HeldManifest? Manifest, string? Fault) Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < MacAt + SHA256.HashSizeInBytes)
        {
            return (null, $"it has {file.Length} bytes only");
        }

        if (file.Length > MaxBytes)
        {
            return (null, $"it has more than {MaxBytes} bytes");
        }

        var covered = file[..^SHA256.HashSizeInBytes];
        if (!SHA256.HashData(covered).AsSpan().SequenceEqual(file[covered.Length..]))
        {
            return (null, "its checksum is wrong");
        }

        if (!covered.StartsWith(Magic) || covered[Magic.Length] != Version)
        {
            return (null, $"it is of version {covered[Magic.Length]}, which this agent does not know");
        }

        var macEnd = MacAt + BinaryPrimitives.ReadUInt16LittleEndian(covered[MacLengthAt..]);
        if (macEnd > covered.Length)
        {
            return (null, "its parts do not fit it");
        }

        var generation = new Generation(
            BinaryPrimitives.ReadInt64LittleEndian(covered[TermAt..]), BinaryPrimitives.ReadInt64LittleEndian(covered[CounterAt..]));
        var bytes = covered[macEnd..].ToArray();
        return (new HeldManifest(new ManifestMark(generation, Digest.Of(bytes)), bytes, Encoding.UTF8.GetString(covered[MacAt..macEnd])), null);
    }
}

/// <summary>What one copy of the state turned out to be.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Manifest">What it holds; null when it is missing or damaged.</param>
/// <param name="Fault">What is wrong with it; null when it is missing or whole.</param>
internal sealed record ManifestCopy(string Path, HeldManifest? Manifest, string? Fault)
{
    /// <summary>Why it could not be read at all; null when it was.</summary>
    public Exception? Unread { get; init; }
}
