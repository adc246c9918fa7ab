using System.Diagnostics;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Tests.Deploy.Podman;

public sealed class StopTallyTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(20_000);

    [Fact]
    public async Task Tally_TellsTheNumberEachTimeThatItFalls()
    {
        using var first = Process.Start("sleep", "30");
        using var second = Process.Start("sleep", "30");
        List<int> told = [];
        var ended = new TaskCompletionSource<bool>();
        var tally = new StopTally(Tell, TimeProvider.System);
        tally.Take("x", [Of(first), Of(second)]);
        await tally.WhileAsync(ended.Task);
        told.ShouldBe([2, 1, 0]);

        Task Tell(StopForecast forecast)
        {
            told.Add(forecast.Containers);
            (forecast.Containers == 2 ? first : second).Kill();
            if (forecast.Containers == 0)
            {
                ended.TrySetResult(true);
            }

            return Task.CompletedTask;
        }
    }

    [Fact]
    public void Forecast_IsOfTheSlowest_AndNamesThoseThatHadTheirTime()
    {
        StopTally.Forecast([("a", Seconds(3)), ("b", Seconds(20))], Seconds(5)).ShouldBe(new StopForecast(2, Seconds(15), "a"));
        StopTally.Forecast([("a", Seconds(3))], Seconds(5)).ShouldBe(new StopForecast(1, TimeSpan.Zero, "a"));
        StopTally.Forecast([.. Enumerable.Range(1, 5).Select(number => ($"{number}", Seconds(1)))], Seconds(5)).Late.ShouldBe("1, 2, 3 and 2 more");
        StopTally.Forecast([], Seconds(5)).ShouldBe(new StopForecast(0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(5, 20, null, "fleet down --now", "5 containers may take up to 20 s to end: fleet down --now kills them")]
    [InlineData(1, 20, null, "fleet down --now", "1 container may take up to 20 s to end: fleet down --now kills it")]
    [InlineData(2, 20, "a of device-1", "fleet down --now", "2 containers may take up to 20 s to end: fleet down --now kills them (being killed: a of device-1)")]
    [InlineData(2, 0, "a, b", "fleet down --now", "2 containers had their time and are being killed: a, b")]
    [InlineData(1, -1, null, "fleet down --now", "1 container had its time and is being killed")]
    [InlineData(5, 20, null, null, "5 containers are being killed")]
    [InlineData(0, 0, null, "fleet down --now", "all containers have ended, the rest of the fleet is being ended")]
    public void Sentence_RecommendsNothingThatIsDoneAlready(int count, int seconds, string? late, string? command, string sentence) =>
        new StopNews.Containers(count, Now + Seconds(seconds), late).Sentence(Now, command).ShouldBe(sentence);

    [Fact]
    public void Sentence_OfASilentProcess_RecommendsNothingThatIsDoneAlready()
    {
        var news = new StopNews.Silent(7, IsStopped: false, Now + Seconds(5));
        news.Sentence(Now, null).ShouldBe("process 7, which runs the fleet, does not answer: it is killed in 5 s");
        news.Sentence(Now, "fleet down --now").ShouldEndWith("it is killed in 5 s, by fleet down --now sooner");
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    private static StoppingProcess Of(Process process) => new("x", ProcessIdentity.Of(process.Id).ShouldNotBeNull(), Seconds(10));
}
