using System.Text;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Tests.Adapters.Podman.Fixtures;

namespace Harmony.Fleet.Tests.Adapters.Podman.Http;

public sealed class CappedReadingTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("\n\n", "")]
    [InlineData("a", "a")]
    [InlineData("a\nbc\n\nd", "a|bc|d")]
    [InlineData("a\n", "a")]
    public async Task Lines_InBlocksOfEverySize_AreTheSame(string text, string expected)
    {
        for (var block = 1; block <= text.Length + 1; block++)
        {
            (await LinesAsync(text, block, 100, 100)).ShouldBe(expected);
        }
    }

    [Theory]
    [InlineData("12345\n1", 4, 100)]
    [InlineData("12345", 4, 100)]
    [InlineData("1\n2\n3\n4\n", 4, 7)]
    public async Task Lines_BeyondTheirLimits_Throw(string text, int lineLimit, int limit) =>
        await Should.ThrowAsync<InvalidDataException>(LinesAsync(text, 3, lineLimit, limit));

    [Fact]
    public async Task All_UpToTheLimit_IsRead()
    {
        (await CappedReading.AllAsync(new SlowStream(new byte[100], 7), 100, CancellationToken.None)).Length.ShouldBe(100);
        await Should.ThrowAsync<InvalidDataException>(CappedReading.AllAsync(new SlowStream(new byte[101], 7), 100, CancellationToken.None));
    }

    private static async Task<string> LinesAsync(string text, int block, int lineLimit, int limit)
    {
        var lines = new List<string>();
        await foreach (var line in CappedReading.LinesAsync(new SlowStream(Encoding.UTF8.GetBytes(text), block), lineLimit, limit, CancellationToken.None))
        {
            lines.Add(Encoding.UTF8.GetString(line.Span));
        }

        return string.Join('|', lines);
    }
}
