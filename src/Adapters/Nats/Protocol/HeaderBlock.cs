using System.Buffers;
using System.Text;

namespace Harmony.Fleet.Adapters.Nats.Protocol;

/// <summary>The text form of headers: <c>NATS/1.0[ status[ text]]</c>, a line a value, an empty line.</summary>
internal static class HeaderBlock
{
    /// <summary>The largest block that is read, in bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The most values that are read.</summary>
    public const int MaxValues = 256;

    private static readonly SearchValues<char> _badInValue = SearchValues.Create("\r\n\0");

    private static ReadOnlySpan<byte> Version => "NATS/1.0"u8;

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <summary>The block of these headers.</summary>
    public static byte[] Encode(ReadOnlySpan<KeyValuePair<string, string>> headers)
    {
        var text = new StringBuilder("NATS/1.0\r\n");
        foreach (var (name, value) in headers)
        {
            if (!IsName(name))
            {
                throw new ArgumentException($"'{name}' cannot be the name of a header.", nameof(headers));
            }

            if (value.AsSpan().ContainsAny(_badInValue))
            {
                throw new ArgumentException($"The value of the header {name} has a line break or a NUL.", nameof(headers));
            }

            text.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(text.Append("\r\n").ToString());
    }

    /// <summary>Whether the whole block is well-formed; its status line's parts and the number of its values.</summary>
    public static bool TryCheck(ReadOnlySpan<byte> block, out int status, out ReadOnlySpan<byte> text, out int count)
    {
        status = 0;
        text = default;
        count = 0;
        if (block.Length > MaxBytes || !block.StartsWith(Version) || !block.EndsWith("\r\n\r\n"u8) || !TryStatus(block, out status, out text))
        {
            return false;
        }

        var at = FirstLine(block);
        while (TryNext(block, ref at, out var name, out _))
        {
            if (block[name].IsEmpty || ++count > MaxValues)
            {
                return false;
            }
        }

        return at == block.Length - LineEnd.Length;
    }

    /// <summary>Where the first header begins.</summary>
    public static int FirstLine(ReadOnlySpan<byte> block) => block.IndexOf(LineEnd) + LineEnd.Length;

    /// <summary>The header that begins at <paramref name="at"/>, which then moves to the next; false at the end, or where a line is no header.</summary>
    public static bool TryNext(ReadOnlySpan<byte> block, ref int at, out Range name, out Range value)
    {
        name = value = default;
        var rest = block[at..];
        var end = rest.IndexOf(LineEnd);
        var colon = end < 0 ? -1 : rest[..end].IndexOf((byte)':');
        if (colon < 0)
        {
            return false;
        }

        var start = colon + 1;
        var stop = end;
        while (start < stop && rest[start] is (byte)' ' or (byte)'\t')
        {
            start++;
        }

        while (stop > start && rest[stop - 1] is (byte)' ' or (byte)'\t')
        {
            stop--;
        }

        name = at..(at + colon);
        value = (at + start)..(at + stop);
        at += end + LineEnd.Length;
        return true;
    }

    /// <summary>Whether the bytes are exactly <paramref name="name"/>, which is ASCII.</summary>
    public static bool IsNamed(ReadOnlySpan<byte> bytes, string name) => bytes.Length == name.Length && Ascii.Equals(bytes, name);

    private static bool TryStatus(ReadOnlySpan<byte> block, out int status, out ReadOnlySpan<byte> text)
    {
        var line = block[Version.Length..block.IndexOf(LineEnd)];
        status = 0;
        text = default;
        if (line.IsEmpty)
        {
            return true;
        }

        line = line.Trim((byte)' ');
        if (line.IsEmpty)
        {
            return true;
        }

        if (line.Length < 3 || (line.Length > 3 && line[3] != (byte)' ') || !System.Buffers.Text.Utf8Parser.TryParse(line[..3], out status, out var read) || read != 3)
        {
            return false;
        }

        text = line[3..].Trim((byte)' ');
        return status is >= 100 and <= 999;
    }

    private static bool IsName(string name)
    {
        foreach (var c in name)
        {
            if (c is <= ' ' or ':' or > '~')
            {
                return false;
            }
        }

        return name.Length > 0;
    }
}
