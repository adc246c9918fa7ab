using System.Text;

namespace Harmony.Fleet.Adapters.Nats.Protocol;

/// <summary>
/// Reads what a server sends, frame by frame, from the front of a buffer. It keeps no state, allocates nothing and throws at nothing: bytes that are no
/// protocol are an answer.
/// </summary>
internal static class FrameParser
{
    private const byte Space = (byte)' ';
    private const byte Tab = (byte)'\t';

    /// <summary>The longest operation name that begins a line.</summary>
    private const int LongestName = 5;

    /// <summary>Reads the first frame.</summary>
    /// <param name="input">What was received and not read yet.</param>
    /// <param name="limits">What is too much.</param>
    /// <param name="frame">The frame, when complete.</param>
    /// <param name="size">When complete, the bytes that it took; when incomplete, how many it will take where that is known, else 0.</param>
    public static FrameStatus TryRead(ReadOnlySpan<byte> input, in FrameLimits limits, out Frame frame, out int size)
    {
        frame = default;
        size = 0;
        if (input.IsEmpty)
        {
            return FrameStatus.Incomplete;
        }

        var lineLimit = (input[0] | 0x20) == 'i' ? limits.MaxInfoLine : limits.MaxControlLine;
        var end = input[..Math.Min(input.Length, lineLimit + 1)].IndexOf((byte)'\n');
        if (end < 0)
        {
            return input.Length > lineLimit || !MayBegin(input) ? FrameStatus.Malformed : FrameStatus.Incomplete;
        }

        if (end == 0 || input[end - 1] != '\r')
        {
            return FrameStatus.Malformed;
        }

        size = end + 1;
        return ReadLine(input, input[..(end - 1)], limits, ref frame, ref size);
    }

    private static FrameStatus ReadLine(ReadOnlySpan<byte> input, ReadOnlySpan<byte> line, in FrameLimits limits, ref Frame frame, ref int size)
    {
        var blank = line.IndexOfAny(Space, Tab);
        var name = blank < 0 ? line : line[..blank];
        var rest = blank < 0 ? default : line[(blank + 1)..];
        if (Ascii.EqualsIgnoreCase(name, "MSG"u8))
        {
            return ReadMessage(input, rest, withHeaders: false, limits, ref frame, ref size);
        }

        if (Ascii.EqualsIgnoreCase(name, "HMSG"u8))
        {
            return ReadMessage(input, rest, withHeaders: true, limits, ref frame, ref size);
        }

        frame.Kind = PlainKind(name);
        frame.Payload = frame.Kind == FrameKind.Error ? rest.Trim(" \t'"u8) : rest;
        return frame.Kind == FrameKind.None ? FrameStatus.Malformed : FrameStatus.Complete;
    }

    private static FrameKind PlainKind(ReadOnlySpan<byte> name) => name switch
    {
        _ when Ascii.EqualsIgnoreCase(name, "PING"u8) => FrameKind.Ping,
        _ when Ascii.EqualsIgnoreCase(name, "PONG"u8) => FrameKind.Pong,
        _ when Ascii.EqualsIgnoreCase(name, "+OK"u8) => FrameKind.Ok,
        _ when Ascii.EqualsIgnoreCase(name, "-ERR"u8) => FrameKind.Error,
        _ when Ascii.EqualsIgnoreCase(name, "INFO"u8) => FrameKind.Info,
        _ => FrameKind.None,
    };

    /// <summary><c>subject sid [reply] [header bytes] total bytes</c>, then the bytes and a line end.</summary>
    private static FrameStatus ReadMessage(
        ReadOnlySpan<byte> input, ReadOnlySpan<byte> line, bool withHeaders, in FrameLimits limits, ref Frame frame, ref int size)
    {
        Span<Range> words = stackalloc Range[6];
        var count = Split(line, words);
        var fixedWords = withHeaders ? 4 : 3;
        if (count < fixedWords || count > fixedWords + 1)
        {
            return FrameStatus.Malformed;
        }

        var headers = 0;
        if (!TryNumber(line[words[1]], out var sid)
            || !TrySize(line[words[count - 1]], limits.MaxMessageBytes, out var total)
            || (withHeaders && (!TrySize(line[words[count - 2]], total, out headers) || headers == 0)))
        {
            return FrameStatus.Malformed;
        }

        var start = size;
        size = start + total + 2;
        if (input.Length < size)
        {
            return FrameStatus.Incomplete;
        }

        if (input[size - 2] != '\r' || input[size - 1] != '\n')
        {
            return FrameStatus.Malformed;
        }

        frame.Kind = FrameKind.Message;
        frame.Subject = line[words[0]];
        frame.Sid = sid;
        frame.ReplyTo = count > fixedWords ? line[words[2]] : default;
        frame.HeaderBytes = headers;
        frame.Payload = input.Slice(start, total);
        return FrameStatus.Complete;
    }

    /// <summary>The words of a line; one more than fits into <paramref name="words"/> counts as too many.</summary>
    private static int Split(ReadOnlySpan<byte> line, Span<Range> words)
    {
        var count = 0;
        for (var at = 0; at < line.Length;)
        {
            if (line[at] is Space or Tab)
            {
                at++;
                continue;
            }

            if (count == words.Length)
            {
                return count + 1;
            }

            var length = line[at..].IndexOfAny(Space, Tab);
            var end = length < 0 ? line.Length : at + length;
            words[count++] = at..end;
            at = end;
        }

        return count;
    }

    private static bool TrySize(ReadOnlySpan<byte> digits, int limit, out int value)
    {
        value = 0;
        if (!TryNumber(digits, out var number) || number > (ulong)limit)
        {
            return false;
        }

        value = (int)number;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, out ulong value)
    {
        value = 0;
        if (digits.Length is 0 or > 18)
        {
            return false;
        }

        foreach (var digit in digits)
        {
            var number = (uint)(digit - '0');
            if (number > 9)
            {
                return false;
            }

            value = (value * 10) + number;
        }

        return true;
    }

    /// <summary>Whether an unfinished line can still become one: nonsense is refused at its first bytes, not at the line limit.</summary>
    private static bool MayBegin(ReadOnlySpan<byte> input)
    {
        var blank = input[..Math.Min(input.Length, LongestName)].IndexOfAny(" \t\r"u8);
        if (blank < 0 && input.Length >= LongestName)
        {
            return false;
        }

        var name = blank < 0 ? input : input[..blank];
        return IsPrefix(name, "MSG"u8) || IsPrefix(name, "HMSG"u8) || IsPrefix(name, "PING"u8) || IsPrefix(name, "PONG"u8)
            || IsPrefix(name, "+OK"u8) || IsPrefix(name, "-ERR"u8) || IsPrefix(name, "INFO"u8);
    }

    private static bool IsPrefix(ReadOnlySpan<byte> name, ReadOnlySpan<byte> whole) =>
        name.Length <= whole.Length && Ascii.EqualsIgnoreCase(name, whole[..name.Length]);
}
