using System.Text;
using Harmony.Fleet.Adapters.Podman.Logs;
using Harmony.Fleet.Tests.Adapters.Podman.Fixtures;

namespace Harmony.Fleet.Tests.Adapters.Podman.Logs;

public sealed class LogFramesTests
{
    private static readonly byte[] TwoFrames = [1, 0, 0, 0, 0, 0, 0, 3, .. "out"u8, 2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 4, .. "err\n"u8];

    [Fact]
    public async Task Next_InBlocksOfEverySize_GivesTheSameText()
    {
        for (var block = 1; block <= TwoFrames.Length; block++)
        {
            (await ReadAsync(TwoFrames, block)).ShouldBe(("out", "err\n"));
        }
    }

    [Fact]
    public async Task Next_CutAnywhereButBetweenFrames_Throws()
    {
        int[] whole = [0, 11, 19, TwoFrames.Length];
        for (var length = 0; length <= TwoFrames.Length; length++)
        {
            var read = ReadAsync(TwoFrames[..length], block: 4);
            if (whole.Contains(length))
            {
                await read;
            }
            else
            {
                await Should.ThrowAsync<EndOfStreamException>(read);
            }
        }
    }

    [Fact]
    public async Task Next_OfAClaimOfFourGigabytes_HoldsNoMoreThanABlock()
    {
        var claim = new SlowStream([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, .. "some"u8], block: 100);

        await Should.ThrowAsync<EndOfStreamException>(ReadAsync(claim));

        claim.LargestBuffer.ShouldBeLessThanOrEqualTo(16 * 1024);
    }

    [Theory]
    [InlineData(new byte[] { 3, 0, 0, 0, 0, 0, 0, 1, 65 })]
    [InlineData(new byte[] { 1, 1, 0, 0, 0, 0, 0, 1, 65 })]
    [InlineData(new byte[] { 72, 84, 84, 80, 47, 49, 46, 49 })]
    public async Task Next_OfWhatIsNoFrame_Throws(byte[] bytes) => await Should.ThrowAsync<InvalidDataException>(ReadAsync(bytes, block: 100));

    [Fact]
    public async Task Next_OfATerminal_TakesBytesAsTheyAre()
    {
        var frames = new LogFrames(new SlowStream(TwoFrames, 5), isPlain: true);
        var text = new StringBuilder();
        while (await frames.NextAsync(CancellationToken.None) is { } chunk)
        {
            text.Append(Encoding.Latin1.GetString(chunk.Bytes.Span));
        }

        text.ToString().ShouldBe(Encoding.Latin1.GetString(TwoFrames));
    }

    private static Task<(string Out, string Error)> ReadAsync(byte[] bytes, int block) => ReadAsync(new SlowStream(bytes, block));

    private static async Task<(string Out, string Error)> ReadAsync(SlowStream stream)
    {
        var frames = new LogFrames(stream, isPlain: false);
        var (output, error) = (new StringBuilder(), new StringBuilder());
        while (await frames.NextAsync(CancellationToken.None) is { } chunk)
        {
            (chunk.IsError ? error : output).Append(Encoding.UTF8.GetString(chunk.Bytes.Span));
        }

        return (output.ToString(), error.ToString());
    }
}
