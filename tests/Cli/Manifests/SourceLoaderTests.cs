using System.Text;

namespace Harmony.Fleet.Tests.Cli.Manifests;

public sealed class SourceLoaderTests : IDisposable
{
    private readonly CliUnderTest cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Folder_GivesAllItsFiles_InOrder()
    {
        cli.Write("d/b.yaml", Samples.DeploymentYaml("b") + "---\n" + Samples.DeploymentYaml("c"));
        cli.Write("d/a.json", Samples.DeploymentJson("a"));
        cli.Write("d/notes.txt", "not yaml: [");
        cli.Write("d/sub/z.yaml", Samples.DeploymentYaml("z"));
        var run = await cli.RunAsync("apply", "-f", "d", "--print");
        run.Code.ShouldBe(0, run.Error);
        Names(run.Out).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task Stdin_IsRead()
    {
        cli.Input = Samples.DeploymentYaml("in");
        Names((await cli.RunAsync("apply", "-f", "-", "--print")).Out).ShouldBe(["in"]);
    }

    [Fact]
    public async Task List_CountsAsItsItems()
    {
        cli.Write("list.json", $$"""{"items":[{{Samples.DeploymentJson("a")}},{{Samples.DeploymentJson("b")}}]}""");
        Names((await cli.RunAsync("apply", "-f", "list.json", "--print")).Out).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task JsonValues_AfterEachOther_AreAllRead()
    {
        cli.Write("two.json", Samples.DeploymentJson("a") + "\n" + Samples.DeploymentJson("b"));
        Names((await cli.RunAsync("apply", "-f", "two.json", "--print")).Out).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task ByteOrderMark_IsNoPartOfTheText()
    {
        cli.Write("bom.json", "\ufeff" + Samples.DeploymentJson("a"));
        cli.Write("bom.yaml", "\ufeff" + Samples.DeploymentYaml("b"));
        Names((await cli.RunAsync("apply", "-f", "bom.json", "-f", "bom.yaml", "--print")).Out).ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData("x.yaml", "", "x.yaml holds no resource")]
    [InlineData("x.yaml", "just text", "x.yaml is no resource: it should be an object with apiVersion, kind, metadata and spec")]
    [InlineData("x.json", "{\"a\":1,\"a\":2}", "x.json is no JSON: ")]
    [InlineData("x.json", "{\"a\":1", "x.json is no JSON (line 1, ")]
    [InlineData("x.json", "a: 1", "x.json is no JSON (line 1, column 1)")]
    [InlineData("x.yaml", "{\"a\":1", "x.yaml is no JSON (line 1, ")]
    [InlineData("x.yaml", "a: [", "x.yaml is no YAML that a resource can be written in (line ")]
    public async Task File_ThatIsNoResource_IsAUsageError(string name, string content, string message)
    {
        cli.Write(name, content);
        var run = await cli.RunAsync("apply", "-f", name);
        run.Code.ShouldBe(2);
        run.Error.ShouldStartWith($"error: {message}");
    }

    [Fact]
    public async Task File_ThatIsMissing_IsAUsageError() =>
        (await cli.RunAsync("apply", "-f", "gone.yaml")).ShouldBe(new CliRun(2, string.Empty, $"error: {Path.Combine(cli.Folder, "gone.yaml")} does not exist\n"));

    [Fact]
    public async Task Folder_WithoutFiles_IsAUsageError()
    {
        cli.Write("d/readme.md", "x");
        (await cli.RunAsync("apply", "-f", "d")).Error.ShouldBe("error: the folder d holds no .yaml, .yml or .json file\n");
    }

    [Fact]
    public async Task File_ThatIsTooLarge_IsAUsageError()
    {
        cli.Write("big.yaml", new string('#', 4 * 1024 * 1024 + 1));
        (await cli.RunAsync("apply", "-f", "big.yaml")).Error.ShouldContain("big.yaml is larger than 4096 KiB");
    }

    [Fact]
    public async Task File_ThatIsNoUtf8_IsAUsageError()
    {
        await File.WriteAllBytesAsync(Path.Combine(cli.Folder, "latin.yaml"), Encoding.Latin1.GetBytes("a: grün"), TestContext.Current.CancellationToken);
        (await cli.RunAsync("apply", "-f", "latin.yaml")).ShouldBe(new CliRun(2, string.Empty, "error: latin.yaml is no UTF-8 text\n"));
    }

    [Fact]
    public async Task Resource_ThatIsThereTwice_IsAUsageError()
    {
        cli.Write("twice.yaml", Samples.DeploymentYaml("a") + "---\n" + Samples.DeploymentYaml("a"));
        (await cli.RunAsync("apply", "-f", "twice.yaml")).Error
            .ShouldBe("error: deployment default/a is there twice, in twice.yaml (document 1) and in twice.yaml (document 2)\n");
    }

    private static List<string> Names(string json)
    {
        var root = System.Text.Json.JsonElement.Parse(json);
        var items = root.TryGetProperty("items", out var list) ? list.EnumerateArray().ToList() : [root];
        return [.. items.Select(item => item.GetProperty("metadata").GetProperty("name").GetString()!)];
    }
}
