using System.Text;
using Harmony.Fleet.Adapters.Nats.Protocol;

namespace Harmony.Fleet.Tests.Adapters.Nats.Protocol;

public sealed class FrameParserTests
{
    private static readonly FrameLimits Limits = new(MaxControlLine: 128, MaxInfoLine: 512, MaxMessageBytes: 64);

    [Theory]
    [InlineData("PING\r\n", "Ping")]
    [InlineData("ping\r\n", "Ping")]
    [InlineData("PONG\r\n", "Pong")]
    [InlineData("+OK\r\n", "Ok")]
    [InlineData("+ok\r\n", "Ok")]
    [InlineData("-ERR 'Stale Connection'\r\n", "Error Stale Connection")]
    [InlineData("-ERR\r\n", "Error")]
    [InlineData("INFO {\"a\":1}\r\n", "Info {\"a\":1}")]
    [InlineData("MSG a.b 7 0\r\n\r\n", "Message a.b 7 [] 0 ")]
    [InlineData("MSG a.b 7 5\r\nhello\r\n", "Message a.b 7 [] 0 hello")]
    [InlineData("msg\ta.b  7\tback.to 5\r\n12345\r\n", "Message a.b 7 [back.to] 0 12345")]
    [InlineData("MSG a 7 4\r\n\r\n\r\n\r\n", "Message a 7 [] 0 \r\n\r\n")]
    [InlineData("HMSG a 7 12 14\r\nNATS/1.0\r\n\r\nhi\r\n", "Message a 7 [] 12 NATS/1.0\r\n\r\nhi")]
    [InlineData("HMSG a 7 re 12 12\r\nNATS/1.0\r\n\r\n\r\n", "Message a 7 [re] 12 NATS/1.0\r\n\r\n")]
    [InlineData("MSG a 999999999999999999 0\r\n\r\n", "Message a 999999999999999999 [] 0 ")]
    public void TryRead_OfAWholeFrame_ReadsItAndNothingMore(string frame, string expected)
    {
        Describe(frame + "PING\r\nrest", out var size).ShouldBe(expected);
        size.ShouldBe(frame.Length);
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    [InlineData("PING\n")]
    [InlineData("PINGX\r\n")]
    [InlineData("PI NG\r\n")]
    [InlineData(" PING\r\n")]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("SSH-2.0")]
    [InlineData("\u0016\u0003\u0001")]
    [InlineData("\0")]
    [InlineData("MSG\r\n")]
    [InlineData("MSG a\r\n")]
    [InlineData("MSG a 7\r\n")]
    [InlineData("MSG a 7 5 6 7\r\n")]
    [InlineData("MSG a b c d e f g h i j k l m n o p q\r\n")]
    [InlineData("MSG a 7 -1\r\n")]
    [InlineData("MSG a 7 +1\r\n")]
    [InlineData("MSG a 7 0x1\r\n")]
    [InlineData("MSG a 7 1e1\r\n")]
    [InlineData("MSG a 7 65\r\n")]
    [InlineData("MSG a 7 2147483648\r\n")]
    [InlineData("MSG a 7 4294967296\r\n")]
    [InlineData("MSG a 7 18446744073709551616\r\n")]
    [InlineData("MSG a 7 99999999999999999999999999\r\n")]
    [InlineData("MSG a seven 1\r\n")]
    [InlineData("MSG a -7 1\r\n")]
    [InlineData("MSG a 7 5\r\nhelloXX")]
    [InlineData("MSG a 7 5\r\nhello\n\r")]
    [InlineData("HMSG a 7 5\r\n")]
    [InlineData("HMSG a 7 0 5\r\n")]
    [InlineData("HMSG a 7 6 5\r\n")]
    [InlineData("HMSG a 7 -6 5\r\n")]
    [InlineData("HMSG a 7 12 65\r\n")]
    [InlineData("HMSG a 7 re 12 12 12\r\n")]
    public void TryRead_OfNonsense_IsMalformed(string input)
    {
        FrameParser.TryRead(Encoding.Latin1.GetBytes(input), Limits, out _, out _).ShouldBe(FrameStatus.Malformed);
    }

    [Fact]
    public void TryRead_OfALineWithoutEnd_IsMalformedAtTheLimit()
    {
        var line = Encoding.ASCII.GetBytes("MSG " + new string('a', 1000));

        FrameParser.TryRead(line.AsSpan(0, Limits.MaxControlLine), Limits, out _, out _).ShouldBe(FrameStatus.Incomplete);
        FrameParser.TryRead(line.AsSpan(0, Limits.MaxControlLine + 1), Limits, out _, out _).ShouldBe(FrameStatus.Malformed);

        line = Encoding.ASCII.GetBytes("INFO " + new string('a', 1000));
        FrameParser.TryRead(line.AsSpan(0, Limits.MaxInfoLine), Limits, out _, out _).ShouldBe(FrameStatus.Incomplete);
        FrameParser.TryRead(line.AsSpan(0, Limits.MaxInfoLine + 1), Limits, out _, out _).ShouldBe(FrameStatus.Malformed);
    }

    [Fact]
    public void TryRead_OfABegunMessage_TellsItsSize()
    {
        FrameParser.TryRead("MSG a 7 50\r\nfirst"u8, Limits, out _, out var size).ShouldBe(FrameStatus.Incomplete);

        size.ShouldBe("MSG a 7 50\r\n".Length + 50 + 2);
    }

    [Fact]
    public void TryRead_CutAtEveryByte_IsIncompleteUntilItIsWhole()
    {
        const string Stream = "INFO {\"max_payload\":1}\r\n+OK\r\nPING\r\nMSG a.b 7 re 5\r\nhello\r\n-ERR 'x y'\r\nHMSG a 7 12 14\r\nNATS/1.0\r\n\r\nhi\r\nPONG\r\n";
        var bytes = Encoding.ASCII.GetBytes(Stream);
        var whole = Frames(bytes, bytes.Length);
        whole.Count.ShouldBe(7);

        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var first = Frames(bytes, cut);
            first.ShouldBe(whole.Take(first.Count), $"cut at {cut}");
        }
    }

    [Fact]
    public void TryRead_OfMutatedStreams_NeverThrowsNorReadsBeyondItsInput()
    {
        var seeds = new[]
        {
            "MSG a.b 7 re 5\r\nhello\r\nPING\r\n", "HMSG a 7 12 14\r\nNATS/1.0\r\n\r\nhi\r\n", "INFO {\"max_payload\":1}\r\n", "-ERR 'Permissions Violation'\r\n+OK\r\n",
        };
        for (var seed = 0; seed < 200_000; seed++)
        {
            var random = new Random(seed);
            var bytes = Mutation.Of(Encoding.ASCII.GetBytes(seeds[random.Next(seeds.Length)]), random);
            if (Complaint(bytes) is { } complaint)
            {
                Assert.Fail($"seed {seed}: {complaint}");
            }
        }
    }

    private static string? Complaint(ReadOnlySpan<byte> rest)
    {
        while (rest.Length > 0)
        {
            var status = FrameParser.TryRead(rest, Limits, out var frame, out var size);
            if (status != FrameStatus.Complete)
            {
                return size > Limits.MaxInfoLine + Limits.MaxMessageBytes + 4 ? $"asks for {size} bytes" : null;
            }

            if (size < 1 || size > rest.Length || frame.HeaderBytes < 0 || frame.HeaderBytes > frame.Payload.Length)
            {
                return $"took {size} of {rest.Length} bytes, headers {frame.HeaderBytes} of {frame.Payload.Length}";
            }

            rest = rest[size..];
        }

        return null;
    }

    private static string Describe(string input, out int size)
    {
        FrameParser.TryRead(Encoding.ASCII.GetBytes(input), Limits, out var frame, out size).ShouldBe(FrameStatus.Complete);
        return Describe(frame);
    }

    private static string Describe(in Frame frame)
    {
        var payload = Encoding.ASCII.GetString(frame.Payload);
        return frame.Kind == FrameKind.Message
            ? $"Message {Encoding.ASCII.GetString(frame.Subject)} {frame.Sid} [{Encoding.ASCII.GetString(frame.ReplyTo)}] {frame.HeaderBytes} {payload}"
            : $"{frame.Kind} {payload}".Trim();
    }

    private static List<string> Frames(byte[] bytes, int length)
    {
        var frames = new List<string>();
        for (var at = 0; ;)
        {
            var status = FrameParser.TryRead(bytes.AsSpan(at, length - at), Limits, out var frame, out var size);
            if (status != FrameStatus.Complete)
            {
                status.ShouldBe(FrameStatus.Incomplete);
                return frames;
            }

            frames.Add(Describe(frame));
            at += size;
        }
    }
}
