using Harmony.Fleet.Cli.Layout;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Terminals;
using Microsoft.AspNetCore.Http;

namespace Harmony.Fleet.Tests.Cli.Commands;

public sealed class WaitCommandTests : IAsyncLifetime
{
    private const string Item = "/api/v1/namespaces/default/deployments/hello";
    private const string NotFound = """{"kind":"Status","reason":"NotFound","message":"deployment \"hello\" not found","code":404}""";
    private readonly CliUnderTest cli = new();
    private ScriptedServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await ScriptedServer.StartAsync();
        cli.Facing(server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        cli.Dispose();
    }

    [Fact]
    public async Task Converged_MeansThePresentGeneration()
    {
        // Observed is an older generation, then the present one is on its way, then it has converged.
        Script(
            Samples.StoredDeployment("hello", Samples.Status(1, 1, 1)),
            Samples.StoredDeployment("hello", Samples.Status(2, 2, 1)),
            Samples.StoredDeployment("hello", Samples.Status(2, 2, 2)));
        (await WaitAsync("converged", "60s")).ShouldBe(new CliRun(
            0,
            "deployment default/hello converged\n",
            "Waiting for deployment default/hello: the operator has not looked at generation 2 yet.\nWaiting for deployment default/hello: 1 of 2 devices succeeded, 1 pending.\n"));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(120)]
    public async Task Wait_OnATerminal_IsAStepThatGoesOn(int columns)
    {
        cli.IsTerminal = true;
        cli.Resize(columns, 24);
        Script(Samples.StoredDeployment("hello", Samples.Status(2, 3, 1, 1, "the image docker.io/library/nothing:1 cannot be pulled, as nobody has it")));
        using var enough = new CancellationTokenSource();
        var waiting = cli.RunUntilAsync(enough.Token, "wait", "deployment", "hello", "--for=converged");
        await Eventually.HoldsAsync(() => Screen(cli.Error.ToString(), columns).Text.Contains("1 of 3 devices", StringComparison.Ordinal), "it shows how far it is");
        var live = Screen(cli.Error.ToString(), columns);
        live.Text.ShouldMatch(@"\A. default/hello +[0-9.]+ s  1 of 3 devices succeeded, 1 failed, .*…\n\z");
        live.HasBroken.ShouldBeFalse();

        Script(Samples.StoredDeployment("hello", Samples.Status(2, 3, 3)));
        var run = await waiting;

        (run.Code, run.Out).ShouldBe((0, "deployment default/hello converged\n"));
        Screen(run.Error, columns).Text.ShouldMatch(@"\A✓ default/hello +[0-9.]+ s  converged\n\z");
    }

    [Fact]
    public async Task Converged_OfAnOlderGenerationsCondition_DoesNotCount()
    {
        Script(Samples.StoredDeployment("hello", Samples.Status(2, 1, 1).Replace("\"observedGeneration\":2}]", "\"observedGeneration\":1}]", StringComparison.Ordinal)));
        (await WaitAsync("converged", "100ms")).Code.ShouldBe(4);
    }

    [Theory]
    [InlineData(3, 1, 1, "pull failed: no such image", "1 of 3 devices succeeded, 1 failed, 1 pending; pi-2 says: pull failed: no such image")]
    [InlineData(1, 0, 0, null, "0 of 1 device succeeded, 1 pending")]
    public async Task Timeout_SaysWhatIsMissing(int matched, int succeeded, int failed, string? error, string missing)
    {
        Script(Samples.StoredDeployment("hello", Samples.Status(2, matched, succeeded, failed, error)));
        var run = await WaitAsync("converged", "100ms");
        run.Code.ShouldBe(4);
        run.Error.ShouldEndWith($"error: deployment default/hello did not converge after 100ms: {missing}\n");
    }

    [Fact]
    public async Task Invalid_IsSaid()
    {
        Script(Samples.StoredDeployment("hello", Samples.Status(2, 1, 0).Replace("\"type\":\"Converged\",\"status\":\"False\"", "\"type\":\"Invalid\",\"status\":\"True\"", StringComparison.Ordinal)));
        (await WaitAsync("converged", "0s")).Error.ShouldEndWith("did not converge after 0s: it is invalid: As counted\n");
    }

    [Theory]
    [InlineData("converged")]
    [InlineData("completed")]
    public async Task RemovalThatIsHeld_WithNothingElseToWaitFor_IsToldAtOnce(string goal)
    {
        Script(Held(Samples.StoredDeployment("hello", Samples.Status(2, 0, 0).Replace("\"type\":\"Converged\",\"status\":\"True\"", "\"type\":\"Converged\",\"status\":\"False\"", StringComparison.Ordinal)))
            .Replace("\"PodmanV0\":{", "\"PodmanV0\":{\"restartPolicy\":\"Never\",", StringComparison.Ordinal));
        (await WaitAsync(goal, "10m")).ShouldBe(new CliRun(
            1,
            string.Empty,
            "error: deployment default/hello waits for somebody: its removal from 12 devices is held: see and approve it with fleet approve deployment hello, or take the change back\n"));
    }

    [Fact]
    public async Task RemovalThatIsHeld_WhileOthersConverge_IsToldWithThem_AndAtTheEnd()
    {
        Script(Held(Samples.StoredDeployment("hello", Samples.Status(2, 2, 1))), Held(Samples.StoredDeployment("hello", Samples.Status(2, 2, 2))));
        (await WaitAsync("converged", "10m")).ShouldBe(new CliRun(
            0,
            "deployment default/hello converged\n",
            """
            Waiting for deployment default/hello: 1 of 2 devices succeeded, 1 pending; its removal from 12 devices is held.
            Deployment default/hello waits for somebody: its removal from 12 devices is held. Approve it with fleet approve deployment hello, or take the change back.

            """));
    }

    [Fact]
    public async Task Converged_OfNothing_IsNotFound()
    {
        server.On($"GET {Item}", NotFound, 404);
        (await WaitAsync("converged", "60s")).ShouldBe(new CliRun(3, string.Empty, "error: deployment \"hello\" not found: see which there are with fleet get deployments\n"));
    }

    [Fact]
    public async Task Deleted_OfNothing_IsDone()
    {
        server.On($"GET {Item}", NotFound, 404);
        (await WaitAsync("deleted", "60s")).ShouldBe(new CliRun(0, "deployment default/hello deleted\n", string.Empty));
        (await WaitAsync("delete", "60s")).ShouldBe(new CliRun(0, "deployment default/hello deleted\n", string.Empty));
    }

    [Fact]
    public async Task Deleted_WaitsUntilItIsGone()
    {
        var deleting = Samples.StoredDeployment("hello", Samples.Status(2, 1, 1))
            .Replace("\"uid\"", "\"finalizers\":[\"fleet.nationtech.io/manifests\"],\"deletionTimestamp\":\"2026-11-21T07:33:00Z\",\"uid\"", StringComparison.Ordinal);
        Script(deleting, deleting, NotFound);
        (await WaitAsync("deleted", "60s")).ShouldBe(new CliRun(
            0, "deployment default/hello deleted\n", "Waiting for deployment default/hello: it is still held by fleet.nationtech.io/manifests.\n"));
    }

    [Fact]
    public async Task Deleted_IsAlsoOneThatWasMadeAnew()
    {
        var first = Samples.StoredDeployment("hello", Samples.Status(2, 1, 1));
        Script(first, first.Replace("\"u-1\"", "\"u-2\"", StringComparison.Ordinal));
        (await WaitAsync("deleted", "60s")).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Deleted_ThatNobodyAskedFor_TimesOut()
    {
        Script(Samples.StoredDeployment("hello", Samples.Status(2, 1, 1)));
        (await WaitAsync("deleted", "50ms")).Error.ShouldEndWith("error: deployment default/hello is not gone after 50ms: nobody has deleted it\n");
    }

    [Fact]
    public async Task Operator_ThatRestarts_IsWaitedFor()
    {
        await using var first = await OperatorServer.StartAsync();
        var port = new Uri(first.Address).Port;
        cli.Facing(first.Address);
        await cli.RunAsync("apply", "--name", "hello", "--image", "nginx:1", "--all-devices");
        var waiting = WaitAsync("converged", "60s");
        await Eventually.HoldsAsync(() => cli.Error.ToString().Contains("has not looked", StringComparison.Ordinal), "the wait began");
        await first.DisposeAsync();
        await Eventually.HoldsAsync(() => cli.Error.ToString().Contains("nobody answers", StringComparison.Ordinal), "the loss is told");
        await using var again = await OperatorServer.StartAsync(port, first.Store);
        await again.SetStatusAsync("hello", deployment => Samples.Converged(deployment, 1));
        (await waiting).Code.ShouldBe(0);
    }

    /// <summary>Neither the deployment, nor what its devices say, is waited for longer than it was said.</summary>
    [Theory]
    [InlineData("GET " + Item, "SERVER does not answer: see what its log says")]
    [InlineData("GET /api/v1/devices", "1 of 2 devices succeeded, 1 pending")]
    public async Task Operator_ThatHangs_IsNotWaitedForBeyondTheTimeout(string request, string missing)
    {
        Script(Samples.StoredDeployment("hello", Samples.Status(2, 2, 1)));
        server.On(request, (_, response) => Task.Delay(Timeout.Infinite, response.HttpContext.RequestAborted));
        var run = await WaitAsync("converged", "100ms").WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        run.Code.ShouldBe(4);
        run.Error.ShouldEndWith($"error: deployment default/hello did not converge after 100ms: {missing.Replace("SERVER", server.Address, StringComparison.Ordinal)}\n");
    }

    [Fact]
    public async Task Operator_ThatIsAwayAtFirst_IsWaitedFor()
    {
        var port = FreePort.Next();
        cli.Facing($"http://127.0.0.1:{port}");
        var waiting = WaitAsync("deleted", "60s");
        await Eventually.HoldsAsync(() => cli.Error.ToString().Contains("nobody answers", StringComparison.Ordinal), "the loss is told");
        await using var operating = await OperatorServer.StartAsync(port);
        (await waiting).ShouldBe(new CliRun(
            0, "deployment default/hello deleted\n", $"Waiting for deployment default/hello: nobody answers at http://127.0.0.1:{port}; it is asked again until the time is over.\n"));
    }

    [Fact]
    public async Task Operator_ThatStaysAway_EndsTheWaitWithItsTime()
    {
        cli.Facing($"http://127.0.0.1:{FreePort.Next()}");
        var run = await WaitAsync("converged", "300ms");
        run.Code.ShouldBe(4);
        run.Error.Split('\n').ShouldSatisfyAllConditions(
            lines => lines.Length.ShouldBe(3),
            lines => lines[0].ShouldEndWith("; it is asked again until the time is over."),
            lines => lines[1].ShouldStartWith("error: deployment default/hello did not converge after 300ms: nobody answers at http://127.0.0.1:"));
    }

    [Fact]
    public async Task Operator_ThatIsBrokenRefusesAndIsUnavailable_IsToldOfOnce()
    {
        var asked = 0;
        server.On($"GET {Item}", async (_, response) =>
        {
            switch (asked++)
            {
                case 0 or 2:
                    response.HttpContext.Abort();
                    break;
                case 1:
                    response.StatusCode = 503;
                    break;
                default:
                    await response.WriteAsync(Samples.StoredDeployment("hello", Samples.Status(2, 2, 2)));
                    break;
            }
        });
        var run = await WaitAsync("converged", "60s");
        (run.Code, run.Out).ShouldBe((0, "deployment default/hello converged\n"));
        run.Error.ShouldBe($"Waiting for deployment default/hello: the connection to {server.Address} broke; it is asked again until the time is over.\n");
    }

    [Fact]
    public async Task Token_ThatIsRefused_IsToldAtOnce()
    {
        server.Refuse($"GET {Item}", 401, "Unauthorized", "The token is not the operator's.");
        (await WaitAsync("converged", "60s")).Code.ShouldBe(7);
    }

    [Theory]
    [InlineData("wait deployment hello", "fleet wait deployment needs --for converged|deleted|completed")]
    [InlineData("wait deployment hello --for=ready", "--for knows no 'ready': use converged, deleted or completed")]
    [InlineData("wait deployment hello --for=deleted --timeout 60", "--timeout '60' is no time: write it like 60s, 2m, 1h30m or 500ms")]
    public async Task Wait_WithAMistake_IsAUsageError(string line, string message) =>
        (await cli.RunAsync(line.Split(' '))).ShouldBe(new CliRun(2, string.Empty, $"error: {message}\nSee: fleet wait deployment --help\n"));

    private static string Held(string stored) => stored.Replace(
        "\"conditions\":[", "\"removalHeldCount\":12,\"conditions\":[{\"type\":\"RemovalHeld\",\"status\":\"True\",\"reason\":\"ManyDevices\",\"message\":\"Many.\"},", StringComparison.Ordinal);

    private Task<CliRun> WaitAsync(string goal, string timeout) => cli.RunAsync("wait", "deployment", "hello", $"--for={goal}", "--timeout", timeout);

    private static VirtualTerminal Screen(string text, int columns) => new VirtualTerminal(columns, 24, TextWidth.Of).Feed(text);

    /// <summary>Answers one after the other, the last one again and again.</summary>
    private void Script(params string[] answers)
    {
        var asked = 0;
        server.On($"GET {Item}", (_, response) =>
        {
            var answer = answers[Math.Min(asked++, answers.Length - 1)];
            response.StatusCode = answer == NotFound ? 404 : 200;
            return response.WriteAsync(answer);
        });
    }
}
