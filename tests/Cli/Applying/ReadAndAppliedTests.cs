using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Tests.Cli.Applying;

/// <summary>Files that were read with <c>-o yaml</c> and carry the version that they were read in.</summary>
public sealed class ReadAndAppliedTests : IAsyncLifetime
{
    private const string Outdated =
        "error: deployment default/hello was changed since old.yaml was written: read it again, or leave out metadata.resourceVersion to apply it whatever is there\n";

    private readonly CliUnderTest cli = new();
    private OperatorServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await OperatorServer.StartAsync();
        cli.Facing(server.Address);
        (await ApplyAsync("nginx:1")).Code.ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        cli.Dispose();
    }

    [Theory]
    [InlineData("yaml")]
    [InlineData("json")]
    public async Task File_OfBeforeAStatus_IsApplied(string format)
    {
        var read = (await cli.RunAsync("get", "deployment", "hello", "-o", format)).Out;
        await server.SetStatusAsync("hello", deployment => Samples.Converged(deployment, 3));
        cli.Input = read.Replace("nginx:1", "nginx:2", StringComparison.Ordinal);
        (await cli.RunAsync("apply", "-f", "-")).ShouldBe(new CliRun(0, "deployment default/hello configured\n", string.Empty));
        var stored = await StoredAsync();
        stored.GetProperty("spec").GetProperty("score").GetProperty("PodmanV0").GetProperty("containers")[0].GetProperty("image").GetString().ShouldBe("nginx:2");
        stored.GetProperty("status").GetProperty("aggregate").GetProperty("succeeded").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task File_OfBeforeAnotherSpec_IsAConflict()
    {
        await ReadAsync();
        await ApplyAsync("nginx:2");
        (await cli.RunAsync("apply", "-f", "old.yaml")).ShouldBe(new CliRun(5, string.Empty, Outdated));
    }

    [Fact]
    public async Task File_OfBeforeOtherLabels_IsAConflict()
    {
        await ReadAsync();
        await ApplyAsync("nginx:1", "--label", "team=a");
        (await cli.RunAsync("apply", "-f", "old.yaml")).ShouldBe(new CliRun(5, string.Empty, Outdated));
        (await StoredAsync()).GetProperty("metadata").GetProperty("labels").GetProperty("team").GetString().ShouldBe("a");
    }

    [Fact]
    public async Task File_WithAVersionAlone_IsForThatVersionAlone()
    {
        var version = (await StoredAsync()).GetProperty("metadata").GetProperty("resourceVersion").GetString();
        await server.SetStatusAsync("hello", deployment => Samples.Converged(deployment, 3));
        cli.Write("old.yaml", Samples.DeploymentYaml("hello").Replace("name: hello", $"name: hello\n  resourceVersion: \"{version}\"", StringComparison.Ordinal));
        (await cli.RunAsync("apply", "-f", "old.yaml")).ShouldBe(new CliRun(5, string.Empty, Outdated));
    }

    [Fact]
    public async Task File_OfOneThatIsGone_IsAConflict_AlsoWhereThereIsANewOne()
    {
        await ReadAsync();
        await DeleteAsync();
        (await cli.RunAsync("apply", "-f", "old.yaml")).ShouldBe(new CliRun(
            5,
            string.Empty,
            "error: deployment default/hello was deleted since old.yaml was written: leave out metadata.uid and metadata.resourceVersion to create it anew\n"));
        await ApplyAsync("nginx:1");
        (await cli.RunAsync("apply", "-f", "old.yaml")).ShouldBe(new CliRun(5, string.Empty, Outdated));
    }

    [Fact]
    public async Task FiftyRounds_WhileTheOperatorWritesStatuses_AreApplied()
    {
        using var stop = new CancellationTokenSource();
        var writing = WriteStatusesAsync(stop.Token);
        for (var round = 1; round <= 50; round++)
        {
            cli.Input = (await cli.RunAsync("get", "deployment", "hello", "-o", "yaml")).Out.Replace($"nginx:{round}", $"nginx:{round + 1}", StringComparison.Ordinal);
            (await cli.RunAsync("apply", "-f", "-")).ShouldBe(new CliRun(0, "deployment default/hello configured\n", string.Empty));
        }

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(writing);
        (await StoredAsync()).GetProperty("metadata").GetProperty("generation").GetInt32().ShouldBe(51);
    }

    /// <summary>A few for each new spec, as an operator does while devices converge.</summary>
    private async Task WriteStatusesAsync(CancellationToken stop)
    {
        var generation = 0L;
        await foreach (var change in server.Store.WatchAsync(ResourceTypes.Deployments, new WatchOptions(), stop))
        {
            var seen = (change as WatchEvent<Deployment>.Modified)?.Resource.Metadata.Generation ?? 0;
            for (var devices = 1; devices <= 3 && seen > generation; devices++)
            {
                await server.SetStatusAsync("hello", deployment => Samples.Converged(deployment, devices));
            }

            generation = Math.Max(generation, seen);
        }
    }

    private async Task ReadAsync() => cli.Write("old.yaml", (await cli.RunAsync("get", "deployment", "hello", "-o", "yaml")).Out);

    private async Task DeleteAsync()
    {
        (await cli.RunAsync("delete", "deployment", "hello", "--yes")).Code.ShouldBe(0);
        await server.ReleaseAsync("hello");
    }

    private async Task<JsonElement> StoredAsync() => JsonElement.Parse((await cli.RunAsync("get", "deployment", "hello", "-o", "json")).Out);

    private Task<CliRun> ApplyAsync(string image, params string[] more) => cli.RunAsync(["apply", "--name", "hello", "--image", image, "--selector", "a=b", .. more]);
}
