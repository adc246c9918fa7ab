namespace Harmony.Fleet.Tests.Cli.Commands;

public sealed class DeleteCommandTests : IAsyncLifetime
{
    private readonly CliUnderTest cli = new();
    private OperatorServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await OperatorServer.StartAsync();
        await cli.Facing(server.Address).RunAsync("apply", "--name", "hello", "--image", "nginx:1", "--all-devices");
        await server.ReleaseAsync("hello");
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        cli.Dispose();
    }

    [Fact]
    public async Task Yes_Deletes()
    {
        (await cli.RunAsync("delete", "deployment", "hello", "--yes")).ShouldBe(new CliRun(0, "deployment default/hello deleted\n", string.Empty));
        (await cli.RunAsync("delete", "deployment", "hello", "--yes")).Code.ShouldBe(3);
    }

    [Fact]
    public async Task Wait_WaitsUntilItIsGone() =>
        (await cli.RunAsync("delete", "deployment", "hello", "-y", "--wait", "--timeout", "60s")).ShouldBe(new CliRun(0, "deployment default/hello deleted\n", string.Empty));

    [Fact]
    public async Task Timeout_WithoutWait_IsRefused()
    {
        (await cli.RunAsync("delete", "deployment", "hello", "-y", "--timeout", "5s")).Error.ShouldStartWith("error: --timeout says how long --wait waits: say --wait as well, or leave it out\n");
        (await cli.RunAsync("get", "deployment", "hello")).Code.ShouldBe(0);
    }

    [Fact]
    public async Task NoTerminal_DemandsYes()
    {
        cli.Input = "y\n";
        (await cli.RunAsync("delete", "deployment", "hello")).ShouldBe(
            new CliRun(2, string.Empty, "error: there is no terminal to ask on: say --yes to delete it without a question\n"));
        (await cli.RunAsync("get", "deployment", "hello")).Code.ShouldBe(0);
    }

    [Theory]
    [InlineData("y\n", 0)]
    [InlineData("YES\n", 0)]
    [InlineData("n\n", 1)]
    [InlineData("\n", 1)]
    [InlineData("", 1)]
    [InlineData("hello\n", 1)]
    public async Task Terminal_IsAsked(string answer, int code)
    {
        await server.SetStatusAsync("hello", stored => new() { Aggregate = new() { MatchedDeviceCount = 2 }, RemovalHeldCount = 1 });
        cli.IsTerminal = true;
        cli.Input = answer;
        var run = await cli.RunAsync("delete", "deployment", "hello");
        run.Code.ShouldBe(code);
        run.Error.ShouldStartWith("Delete deployment default/hello and its containers on 3 devices? [y/N] ");
        (await cli.RunAsync("get", "deployment", "hello")).Code.ShouldBe(code == 0 ? 3 : 0);
    }

    [Theory]
    [InlineData("delete", "deployment", "hello")]
    [InlineData("apply", "-f", "-")]
    public async Task CtrlC_WhileTheUserTypes_EndsIt(params string[] words)
    {
        cli.IsTerminal = true;
        cli.IsSilent = true;
        using var interrupted = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var run = await Task.Run(() => cli.RunUntilAsync(interrupted.Token, words)).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        run.Code.ShouldBe(130);
        (await cli.RunAsync("get", "deployment", "hello")).Code.ShouldBe(0);
    }
}
