using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Trust;

/// <summary>
/// The MAC of a message between the control plane and one device: HMAC-SHA256 over <c>fleet/v1/&lt;kind&gt;/&lt;device&gt;</c>, NUL, payload.
/// Written <c>&lt;epoch&gt;:&lt;base64&gt;</c>. Kinds and device ids hold no <c>/</c> and no NUL, so no two messages share the covered bytes.
/// </summary>
public static class MessageMac
{
    private const int Base64Length = 44;
    private const int MaxPrefixLength = 128;

    /// <summary>The MAC of <paramref name="payload"/>.</summary>
    /// <param name="key">The key of the direction.</param>
    /// <param name="epoch">The key's epoch.</param>
    /// <param name="kind">One of <see cref="MessageKinds"/>.</param>
    /// <param name="device">To which device, or from which.</param>
    /// <param name="payload">Every byte of the message.</param>
    public static string Sign(ReadOnlySpan<byte> key, int epoch, string kind, DeviceId device, ReadOnlySpan<byte> payload)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(key, kind, device, payload, mac);
        return string.Create(CultureInfo.InvariantCulture, $"{epoch}:{Convert.ToBase64String(mac)}");
    }

    /// <summary>Whether <paramref name="header"/> is the MAC of the message under this key, written in the one canonical way. Takes constant time.</summary>
    public static bool Verify(
        ReadOnlySpan<byte> key, int epoch, string kind, DeviceId device, ReadOnlySpan<byte> payload, string? header)
    {
        if (header is null || header.Length > Base64Length + 12)
        {
            return false;
        }

        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(key, kind, device, payload, mac);
        Span<char> expected = stackalloc char[Base64Length + 12];
        epoch.TryFormat(expected, out var length, default, CultureInfo.InvariantCulture);
        expected[length++] = ':';
        Convert.TryToBase64Chars(mac, expected[length..], out var digits);
        return CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(expected[..(length + digits)]), MemoryMarshal.AsBytes(header.AsSpan()));
    }

    private static void Compute(ReadOnlySpan<byte> key, string kind, DeviceId device, ReadOnlySpan<byte> payload, Span<byte> mac)
    {
        var covered = ArrayPool<byte>.Shared.Rent(MaxPrefixLength + payload.Length);
        try
        {
            // Piece by piece: one text of all would be made anew for each message.
            var length = 0;
            foreach (var piece in (ReadOnlySpan<string>)["fleet/v1/", kind, "/", device.Value, "\0"])
            {
                length += Encoding.ASCII.GetBytes(piece, covered.AsSpan(length));
            }

            payload.CopyTo(covered.AsSpan(length));
            HMACSHA256.HashData(key, covered.AsSpan(0, length + payload.Length), mac);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(covered);
        }
    }
}

/// <summary>What a MAC was made for: a message of one kind never passes for another.</summary>
public static class MessageKinds
{
    /// <summary>A manifest; signed with <see cref="DeviceKeys.Down"/>.</summary>
    public const string Manifest = "manifest";

    /// <summary>A command; signed with <see cref="DeviceKeys.Down"/>.</summary>
    public const string Command = "command";

    /// <summary>A report; signed with <see cref="DeviceKeys.Up"/>.</summary>
    public const string Report = "report";

    /// <summary>A device's info; signed with <see cref="DeviceKeys.Up"/>.</summary>
    public const string Info = "info";

    /// <summary>A heartbeat; signed with <see cref="DeviceKeys.Up"/>.</summary>
    public const string Heartbeat = "heartbeat";

    /// <summary>A frame of a reply; signed with <see cref="DeviceKeys.Up"/>.</summary>
    public const string Reply = "reply";
}
