using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Tests.Cli.Commands;

/// <summary>Deployments whose containers were to end, and did.</summary>
public sealed class CompletedTests : IAsyncLifetime
{
    private readonly CliUnderTest cli = new();
    private OperatorServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await OperatorServer.StartAsync();
        cli.Facing(server.Address);
        (await cli.RunAsync([.. "apply --name job --image a --all-devices --restart on-failure".Split(' ')])).Code.ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        cli.Dispose();
    }

    [Fact]
    public async Task All_SayTheSame()
    {
        await SetAsync(completed: 2);
        (await cli.RunAsync("get", "deployment", "job")).Out.ShouldMatch("job +Completed +2/2");
        (await cli.RunAsync("describe", "deployment", "job")).Out.ShouldMatch("Status: +Completed\n(.|\n)+Succeeded: +2\n +Completed: +2\n");
        (await cli.RunAsync("wait", "deployment", "job", "--for=converged")).ShouldBe(new CliRun(0, "deployment default/job converged\n", string.Empty));
        (await cli.RunAsync("wait", "deployment", "job", "--for=completed")).ShouldBe(new CliRun(0, "deployment default/job completed\n", string.Empty));
        JsonElement.Parse((await cli.RunAsync("get", "deployment", "job", "-o", "json")).Out)
            .GetProperty("status").GetProperty("aggregate").GetProperty("completed").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Wait_WhereSomeStillRun_SaysHowMany()
    {
        await SetAsync(completed: 1);
        (await cli.RunAsync("get", "deployment", "job")).Out.ShouldMatch("job +Converged +2/2");
        (await cli.RunAsync("wait", "deployment", "job", "--for=completed", "--timeout", "1ms")).ShouldBe(new CliRun(
            4,
            string.Empty,
            "Waiting for deployment default/job: 2 of 2 devices succeeded (1 completed).\n"
            + "error: deployment default/job did not complete after 1ms: 2 of 2 devices succeeded (1 completed)\n"));
    }

    [Fact]
    public async Task Wait_ForWhatAlwaysRuns_SaysSoAtOnce()
    {
        await cli.RunAsync([.. "apply --name web --image a --all-devices".Split(' ')]);
        (await cli.RunAsync("wait", "deployment", "web", "--for=completed", "--timeout", "1h")).ShouldBe(new CliRun(
            1,
            string.Empty,
            "error: deployment default/web never completes: its containers are always started again: wait for converged, or give it the restart policy OnFailure or Never\n"));
    }

    private Task SetAsync(int completed) => server.SetStatusAsync("job", deployment => Samples.Converged(deployment, 2) with
    {
        Aggregate = new DeploymentAggregate { MatchedDeviceCount = 2, Succeeded = 2, Completed = completed },
    });
}
