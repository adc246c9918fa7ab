using System.Text.Json;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Cli.Commands;

public sealed class ApplyCommandTests : IAsyncLifetime
{
    /// <summary>No pause between two looks is longer; the limit of a request is.</summary>
    private static readonly TimeSpan Pauses = TimeSpan.FromSeconds(10);

    private readonly CliUnderTest cli = new();
    private OperatorServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await OperatorServer.StartAsync();
        cli.Facing(server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        cli.Dispose();
    }

    [Fact]
    public async Task Apply_SaysWhatBecameOfIt_LikeKubectl()
    {
        (await ApplyAsync("nginx:1")).ShouldBe(new CliRun(0, "deployment default/hello created\n", string.Empty));
        (await ApplyAsync("nginx:1")).ShouldBe(new CliRun(0, "deployment default/hello unchanged\n", string.Empty));
        (await ApplyAsync("nginx:2")).ShouldBe(new CliRun(0, "deployment default/hello configured\n", string.Empty));
        (await ApplyAsync("nginx:2", "--label", "team=a")).ShouldBe(new CliRun(0, "deployment default/hello configured\n", string.Empty));
        (await ApplyAsync("nginx:2", "--label", "team=a")).ShouldBe(new CliRun(0, "deployment default/hello unchanged\n", string.Empty));
        var stored = JsonElement.Parse((await cli.RunAsync("get", "deployment", "hello", "-o", "json")).Out);
        stored.GetProperty("metadata").GetProperty("generation").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task Apply_OfTheSameAgain_IsUnchanged_ThoughTheOperatorWroteAStatus()
    {
        await ApplyAsync("nginx:1");
        await server.SetStatusAsync("hello", deployment => Samples.Converged(deployment, 1));
        (await ApplyAsync("nginx:1")).Out.ShouldBe("deployment default/hello unchanged\n");
    }

    [Fact]
    public async Task File_ThatWasRead_CanBeAppliedAgain()
    {
        await ApplyAsync("nginx:1");
        foreach (var format in (string[])["yaml", "json"])
        {
            cli.Write($"hello.{format}", (await cli.RunAsync("get", "deployment", "hello", "-o", format)).Out);
            (await cli.RunAsync("apply", "-f", $"hello.{format}")).ShouldBe(new CliRun(0, "deployment default/hello unchanged\n", string.Empty));
        }
    }

    [Fact]
    public async Task Apply_OfAFolder_AppliesAll_AndNothingWhereOneIsWrong()
    {
        cli.Write("d/a.yaml", Samples.DeploymentYaml("a"));
        cli.Write("d/b.yaml", Samples.DeploymentYaml("b").Replace("image", "iamge", StringComparison.Ordinal));
        (await cli.RunAsync("apply", "-f", "d")).Code.ShouldBe(2);
        JsonElement.Parse((await cli.RunAsync("get", "deployments", "-o", "json")).Out).GetProperty("items").GetArrayLength().ShouldBe(0);
        cli.Write("d/b.yaml", Samples.DeploymentYaml("b"));
        (await cli.RunAsync("apply", "-f", "d")).Out.ShouldBe("deployment default/a created\ndeployment default/b created\n");
    }

    [Fact]
    public async Task Device_CanBeApplied_AndKeepsWhatTheOperatorKnows()
    {
        await server.AddDeviceAsync(Samples.Device("pi-1"));
        cli.Write("pi.yaml", "apiVersion: fleet.nationtech.io/v1alpha1\nkind: Device\nmetadata: {name: pi-1}\nspec: {labels: {site: lyon}}\n");
        (await cli.RunAsync("apply", "-f", "pi.yaml")).Out.ShouldBe("device pi-1 configured\n");
        (await cli.RunAsync("apply", "-f", "pi.yaml")).Out.ShouldBe("device pi-1 unchanged\n");
        var spec = JsonElement.Parse((await cli.RunAsync("get", "device", "pi-1", "-o", "json")).Out).GetProperty("spec");
        spec.GetProperty("labels").GetProperty("site").GetString().ShouldBe("lyon");
        spec.GetProperty("inventory").GetProperty("hostname").GetString().ShouldBe("pi-1");
    }

    [Fact]
    public async Task Apply_ThatRacesWithAnother_Converges()
    {
        await using var scripted = await ScriptedServer.StartAsync();
        var stored = Samples.StoredDeployment("hello", Samples.Status(2, 1, 1));
        var reads = 0;
        scripted.On("GET /api/v1/namespaces/default/deployments/hello", async (_, response) =>
        {
            response.StatusCode = ++reads == 1 ? 404 : 200;
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(response, reads == 1 ? """{"kind":"Status","reason":"NotFound","message":"x","code":404}""" : stored);
        });
        scripted.Refuse("POST /api/v1/namespaces/default/deployments", 409, "AlreadyExists", "there already");
        scripted.On("PUT /api/v1/namespaces/default/deployments/hello", stored.Replace("\"generation\":2", "\"generation\":3", StringComparison.Ordinal));
        cli.Write("hello.yaml", Samples.DeploymentYaml("hello"));
        (await cli.Facing(scripted.Address).RunAsync("apply", "-f", "hello.yaml")).ShouldBe(new CliRun(0, "deployment default/hello configured\n", string.Empty));
    }

    [Fact]
    public async Task Wait_GoesOnUntilItConverged()
    {
        var applied = cli.RunAsync("apply", "--name", "hello", "--image", "nginx:1", "--all-devices", "--wait", "--timeout", "60s");
        await Eventually.HoldsAsync(() => cli.Error.ToString().Contains("has not looked", StringComparison.Ordinal), "the wait began");
        await server.SetStatusAsync("hello", deployment => Samples.Converged(deployment, 1));
        (await applied).ShouldBe(new CliRun(
            0, "deployment default/hello created\ndeployment default/hello converged\n", "Waiting for deployment default/hello: the operator has not looked at generation 1 yet.\n"));
    }

    [Fact]
    public async Task Wait_ForSeveral_SharesItsTime_AndNamesTheTimeThatWasAsked()
    {
        var time = new ManualTime();
        cli.Time = time;
        cli.Write("two.yaml", Samples.DeploymentYaml("a") + "---\n" + Samples.DeploymentYaml("b"));
        var applied = cli.RunAsync("apply", "-f", "two.yaml", "--wait", "--timeout", "1h");
        await Eventually.HoldsAsync(() => cli.Error.ToString().Contains("default/a: the operator has not looked", StringComparison.Ordinal), "the wait began");
        await SkipAsync(TimeSpan.FromMinutes(50));
        await server.SetStatusAsync("a", deployment => Samples.Converged(deployment, 1));
        await time.PassAsync(Pauses, () => cli.Error.ToString().Contains("default/b: the operator has not looked", StringComparison.Ordinal), "the second wait began");
        await SkipAsync(TimeSpan.FromMinutes(20));
        (await applied).ShouldBe(new CliRun(
            4,
            "deployment default/a created\ndeployment default/b created\ndeployment default/a converged\n",
            "Waiting for deployment default/a: the operator has not looked at generation 1 yet.\nWaiting for deployment default/b: the operator has not looked at generation 1 yet.\n"
            + "error: deployment default/b did not converge after 1h: the operator has not looked at generation 1 yet\n"));

        // Between two looks, when no request waits for its answer.
        async Task SkipAsync(TimeSpan by)
        {
            await Eventually.HoldsAsync(() => time.Dues is [var pause] && pause < Pauses, "it pauses");
            time.Advance(by);
        }
    }

    private Task<CliRun> ApplyAsync(string image, params string[] more) => cli.RunAsync(["apply", "--name", "hello", "--image", image, "--selector", "a=b", .. more]);
}
