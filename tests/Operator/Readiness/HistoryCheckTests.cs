using Harmony.Fleet.Operator.Readiness;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Tests.Operator.Readiness;

public sealed class HistoryCheckTests
{
    [Fact]
    public void Missing_NothingIsLost_IsNull() => new HistoryCheck(new History(null)).Missing().ShouldBeNull();

    [Theory]
    [InlineData(61, 70, true, "lost acknowledged writes (resourceVersion 61 to 70)")]
    [InlineData(61, 61, true, "resourceVersion 61 is not behind, but its term is")]
    [InlineData(61, 61, false, "may have lost acknowledged writes")]
    public void Missing_SaysWhatIsKnown(long from, long until, bool isCertain, string expected)
    {
        var said = new HistoryCheck(new History(new LostWrites(from, until, DateTimeOffset.UnixEpoch, isCertain))).Missing().ShouldNotBeNull();
        said.ShouldStartWith("WritesLost: ");
        said.ShouldContain(expected);
        said.ShouldContain("as was found at 1970-01-01T00:00:00Z");
        said.ShouldContain("fleet recover --acknowledge");
    }

    private sealed class History(LostWrites? lost) : IStoreHistory
    {
        public LostWrites? Lost => lost;

        public string? WriteProblem => null;

        public Task ProbeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<string?> AcknowledgeLostAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);
    }
}
