namespace Harmony.Fleet.Adapters.Nats.Credentials;

/// <summary>CRC-16/XMODEM (polynomial 0x1021, start 0), the checksum of nkeys.</summary>
internal static class Crc16
{
    /// <summary>The checksum of <paramref name="bytes"/>.</summary>
    public static ushort Of(ReadOnlySpan<byte> bytes)
    {
        var crc = 0;
        foreach (var value in bytes)
        {
            crc ^= value << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
            }
        }

        return (ushort)crc;
    }
}
