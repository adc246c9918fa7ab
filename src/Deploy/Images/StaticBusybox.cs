using System.Buffers.Binary;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Deploy.Images;

/// <summary>This machine's busybox: one program that is a whole user land, and needs no library where it is static.</summary>
internal static class StaticBusybox
{
    private const int HeaderBytes = 64;
    private const int TypeOfInterpreter = 3;
    private static readonly byte[] Magic = [0x7f, (byte)'E', (byte)'L', (byte)'F'];

    /// <summary>Its bytes.</summary>
    public static Outcome<byte[]> Read()
    {
        if (InstalledPrograms.Find("busybox") is not { } path)
        {
            return Missing("busybox is not installed");
        }

        try
        {
            var bytes = File.ReadAllBytes(path);
            return IsStatic(bytes) ? bytes : Missing($"{path} needs libraries that an image of its own would lack");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Missing($"{path} cannot be read ({unreadable.Message})");
        }
    }

    /// <summary>A program asks for no loader when it has no interpreter segment.</summary>
    public static bool IsStatic(ReadOnlySpan<byte> elf)
    {
        if (elf.Length < HeaderBytes || !elf.StartsWith(Magic) || elf[5] != 1)
        {
            return false;
        }

        var is64 = elf[4] == 2;
        var table = is64 ? BinaryPrimitives.ReadUInt64LittleEndian(elf[32..]) : BinaryPrimitives.ReadUInt32LittleEndian(elf[28..]);
        var size = BinaryPrimitives.ReadUInt16LittleEndian(elf[(is64 ? 54 : 42)..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(elf[(is64 ? 56 : 44)..]);
        if (table + ((ulong)size * count) > (ulong)elf.Length || size < sizeof(int))
        {
            return false;
        }

        for (var i = 0; i < count; i++)
        {
            if (BinaryPrimitives.ReadInt32LittleEndian(elf[((int)table + (i * size))..]) == TypeOfInterpreter)
            {
                return false;
            }
        }

        return true;
    }

    private static Fault Missing(string reason) =>
        new(FaultKind.Permanent, reason + ": run eng/podman.sh, or apt-get install busybox-static");
}
