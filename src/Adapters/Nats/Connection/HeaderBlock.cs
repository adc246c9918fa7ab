using System.Buffers.Text;
using System.Text;
using Microsoft.Extensions.Primitives;
using NATS.Client.Core;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>
/// Reads single fields out of a block of headers, without making objects of the others. A block is whatever bytes a device has sent: what is not well-formed is
/// passed over, and never an exception. The library's own parser throws one for each such message.
/// </summary>
internal static class HeaderBlock
{
    private static ReadOnlySpan<byte> Version => "NATS/1.0"u8;

    /// <summary>The inline status of the first line, for example 100; 0 where there is none.</summary>
    public static int Status(ReadOnlySpan<byte> block) =>
        block.StartsWith(Version) && block.Length > Version.Length && block[Version.Length] == (byte)' '
        && Utf8Parser.TryParse(block[(Version.Length + 1)..], out int status, out _)
            ? status
            : 0;

    /// <summary>What the first line says behind the version, for example <c>409 Consumer Deleted</c>.</summary>
    public static string StatusLine(ReadOnlySpan<byte> block) =>
        block.StartsWith(Version) && block.IndexOf("\r\n"u8) is >= 0 and var end ? Encoding.UTF8.GetString(block[Version.Length..end].Trim((byte)' ')) : string.Empty;

    /// <summary>The first value of <paramref name="name"/>, blanks around it left out; false where there is none. Names are case-sensitive.</summary>
    public static bool TryFind(ReadOnlySpan<byte> block, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!block.StartsWith(Version))
        {
            return false;
        }

        for (var rest = block; rest.IndexOf("\r\n"u8) is >= 0 and var end; rest = rest[(end + 2)..])
        {
            var line = rest[..end];
            if (line.Length > name.Length && line[name.Length] == (byte)':' && line.StartsWith(name))
            {
                value = line[(name.Length + 1)..].Trim(" \t"u8);
                return true;
            }
        }

        return false;
    }

    /// <summary>Every well-formed field of a block that is stored as bytes, as the library would have read it.</summary>
    public static NatsHeaders ToHeaders(ReadOnlySpan<byte> block)
    {
        var headers = new NatsHeaders(caseSensitive: true);
        for (var rest = block.StartsWith(Version) ? block : []; rest.IndexOf("\r\n"u8) is >= 0 and var end; rest = rest[(end + 2)..])
        {
            if (rest[..end].IndexOf((byte)':') is > 0 and var colon)
            {
                var name = Encoding.UTF8.GetString(rest[..colon]);
                headers[name] = StringValues.Concat(headers.TryGetValue(name, out var before) ? before : default, Encoding.UTF8.GetString(rest[(colon + 1)..end].Trim(" \t"u8)));
            }
        }

        return headers;
    }

    /// <summary>The first value of <paramref name="name"/> as a text; null where there is none.</summary>
    public static string? Find(ReadOnlySpan<byte> block, ReadOnlySpan<byte> name) => TryFind(block, name, out var value) ? Encoding.UTF8.GetString(value) : null;
}
