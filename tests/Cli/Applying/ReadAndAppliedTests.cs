using System.Text.Json;

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

    private async Task ReadAsync() => cli.Write("old.yaml", (await cli.RunAsync("get", "deployment", "hello", "-o", "yaml")).Out);

    private async Task DeleteAsync()
    {
        (await cli.RunAsync("delete", "deployment", "hello", "--yes")).Code.ShouldBe(0);
        await server.ReleaseAsync("hello");
    }

    private async Task<JsonElement> StoredAsync() => JsonElement.Parse((await cli.RunAsync("get", "deployment", "hello", "-o", "json")).Out);

    private Task<CliRun> ApplyAsync(string image, params string[] more) => cli.RunAsync(["apply", "--name", "hello", "--image", image, "--selector", "a=b", .. more]);
}
