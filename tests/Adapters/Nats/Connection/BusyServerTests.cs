using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Nats.Connection;

/// <summary>A server that is there, and has too much to do.</summary>
public sealed class BusyServerTests
{
    /// <summary>It takes connections and no logins: as many as come have come in vain, and come again.</summary>
    [Fact]
    public async Task Start_WithAServerThatTakesNoLogin_ComesEverLessOften_ButNotWhereNobodyIs()
    {
        var (time, window) = (new ManualTime(), TimeSpan.FromSeconds(6));
        var silent = new FakeServer();
        var options = NatsOptions.For(silent.Url) with { JitterSeed = 3, ReconnectMin = window, ReconnectCap = window, BusyCap = TimeSpan.FromMinutes(1), ConnectTimeout = TimeSpan.FromHours(1) };
        await using var link = Links.New(options, time);
        var waits = new List<TimeSpan>();
        async Task<TimeSpan> WaitAsync()
        {
            await Eventually.HoldsAsync(() => time.Dues is [var due] && due <= options.BusyCap, "it waits");
            return time.Dues.Single();
        }

        link.Start();
        for (var attempt = 0; attempt < 8; attempt++)
        {
            using var peer = await silent.AcceptAsync();
            await peer.SendAsync("INFO {}\r\n");
            (await peer.ReadLineAsync()).ShouldStartWith("CONNECT ");
            await Eventually.HoldsAsync(() => time.Dues.Any(due => due <= options.ConnectTimeout), "a login is waited for");
            time.Advance(options.ConnectTimeout);
            waits.Add(await WaitAsync());
            link.Link.Detail.ShouldContain("did not answer in time");
            if (attempt == 7)
            {
                silent.Dispose();
            }

            time.Advance(waits[^1]);
        }

        waits.Max().ShouldBeGreaterThan(4 * window);
        waits.Zip([2, 4, 8, 10, 10, 10, 10, 10]).ShouldAllBe(pair => pair.First <= pair.Second * window);
        (await WaitAsync()).ShouldBeLessThanOrEqualTo(window, "nobody is there who has too much to do");
    }
}
