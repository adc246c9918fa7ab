using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Cli.Buckets;

public sealed class BucketWatcherTests : IAsyncLifetime
{
    private readonly ManualTime time = new(Samples.Then);
    private readonly CliUnderTest cli = new();
    private ScriptedServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await ScriptedServer.StartAsync();
        cli.Time = time;
        cli.Facing(server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        cli.Dispose();
    }

    [Fact]
    public async Task Watch_ThatIsConnectedAgain_SaysSo_ThoughNothingChanges()
    {
        using var interrupted = new CancellationTokenSource();
        var opened = 0;
        server.On("GET /api/v1/kv/device-state?watch=true", async (_, response) =>
        {
            response.StatusCode = ++opened is 2 or 3 ? 503 : 200;
            await response.Body.FlushAsync(interrupted.Token);
            await (opened > 3 ? Task.Delay(Timeout.Infinite, interrupted.Token).ContinueWith(_ => { }, TaskScheduler.Default) : Task.CompletedTask);
        });
        var watching = cli.RunUntilAsync(interrupted.Token, "kv", "watch", "device-state");
        await time.PassAsync(TimeSpan.FromSeconds(10), () => cli.Error.ToString().Contains("connected to", StringComparison.Ordinal), "it says that it is back");
        await interrupted.CancelAsync();
        (await watching).ShouldBe(new CliRun(130, string.Empty, $"{server.Address} answers 503; trying again\nconnected to {server.Address} again\n"));
    }
}
