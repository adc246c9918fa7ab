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
    public async Task Stdin_IsReadAsUtf8_WhateverTheLocale_AsStrictlyAsAFile()
    {
        cli.InputBytes = Encoding.UTF8.GetBytes(Samples.DeploymentYaml("in").Replace("image: a", "image: a\n          args: [caf\u00e9 \U0001F600]", StringComparison.Ordinal));
        (await cli.RunAsync("apply", "-f", "-", "--print")).Out.ShouldContain("caf\u00e9 ");
        cli.InputBytes = Encoding.Latin1.GetBytes("a: caf\u00e9\n");
        (await cli.RunAsync("apply", "-f", "-", "--print")).ShouldBe(new CliRun(2, string.Empty, "error: stdin is no UTF-8 text (line 1, column 7): save it as UTF-8\n"));
        cli.InputBytes = [0xff, 0xfe, .. Encoding.Unicode.GetBytes("a: b")];
        (await cli.RunAsync("apply", "-f", "-", "--print")).ShouldBe(new CliRun(2, string.Empty, "error: stdin is UTF-16 text: save it as UTF-8\n"));
    }

    [Fact]
    public async Task Argument_ThatIsNoUtf8_IsRefused_NotChanged() =>
        (await cli.RunAsync("apply", "--name", "hello", "--image", "a", "--env", "A=caf\ufffd", "--selector", "a=b")).ShouldBe(
            new CliRun(2, string.Empty, "error: 'A=caf\ufffd' holds bytes that are no UTF-8 text: write it in UTF-8, or in a file\n"));

    [Fact]
    public async Task List_CountsAsItsItems()
    {
        cli.Write("list.json", $$"""{"items":[{{Samples.DeploymentJson("a")}},{{Samples.DeploymentJson("b")}}]}""");
        Names((await cli.RunAsync("apply", "-f", "list.json", "--print")).Out).ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData("""{"apiVersion":"v1","kind":"List","items":null}""", "x.json: items: must be the list's resources: write [] where there are none")]
    [InlineData("""{"kind":"DeploymentList","items":{}}""", "x.json: items: must be the list's resources: write [] where there are none")]
    [InlineData("""{"kind":"List"}""", "x.json: items: Required value: write [] where there are none")]
    [InlineData("""{"kind":"List","items":[null]}""", "x.json (items[0]) is no resource: it should be an object with apiVersion, kind, metadata and spec")]
    [InlineData("""{"kind":"List","items":[{"kind":"List","items":7}]}""", "x.json (items[0]): items: must be the list's resources: write [] where there are none")]
    [InlineData("""{"kind":"List","items":[]}""", "x.json holds no resource")]
    [InlineData("""{"kind":7,"items":null}""", "x.json: kind: must be Deployment or Device")]
    public async Task List_WithoutItems_SaysSo(string json, string message)
    {
        cli.Write("x.json", json);
        (await cli.RunAsync("apply", "-f", "x.json", "--print")).ShouldBe(new CliRun(2, string.Empty, $"error: {message}\n"));
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
    [InlineData("\ufeff{0}---\n\ufeff{1}")]
    [InlineData("\ufeff{0}---\r\n\ufeff{1}")]
    [InlineData("{0}\ufeff---\n{1}")]
    [InlineData("{0}...\n\ufeff---  # joined\n\ufeff{1}")]
    public async Task ByteOrderMarks_OfJoinedYaml_ArePartOfNoDocument(string joined)
    {
        cli.Write("joined.yaml", string.Format(System.Globalization.CultureInfo.InvariantCulture, joined, Samples.DeploymentYaml("a"), Samples.DeploymentYaml("b")));
        var run = await cli.RunAsync("apply", "-f", "joined.yaml", "--print");
        run.Code.ShouldBe(0, run.Error);
        Names(run.Out).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task ByteOrderMarks_OfJoinedJson_ArePartOfNoValue()
    {
        cli.Write("joined.json", $"\ufeff{Samples.DeploymentJson("a")}\n\ufeff{Samples.DeploymentJson("b")}");
        Names((await cli.RunAsync("apply", "-f", "joined.json", "--print")).Out).ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData("{\"a\":\"x\\ud800y\"}", "line 1, column 6")]
    [InlineData("{\"\\udc00\":1}", "line 1, column 2")]
    [InlineData("{\"a\":1}\n{\n\"b\": [\"\\udc00\\ud800\"]}", "line 3, column 7")]
    public async Task Json_WithHalfOfASurrogatePair_IsAUsageError(string json, string place)
    {
        cli.Write("lone.json", json);
        (await cli.RunAsync("apply", "-f", "lone.json")).ShouldBe(new CliRun(
            2,
            string.Empty,
            $"error: lone.json is no JSON ({place}): a text has half of a surrogate pair in it, which is no character: write both halves, or the character itself\n"));
    }

    [Theory]
    [InlineData("{\"a\":1}\n{\"b\":,}", "line 2, column 6")]
    [InlineData("{\"a\":1} {\"b\":,}", "line 1, column 14")]
    [InlineData("{\"a\":1}\n\n{\n\"b\":,}", "line 4, column 5")]
    public async Task Json_ThatIsWrongInALaterValue_SaysWhereInTheFile(string json, string place)
    {
        cli.Write("x.json", json);
        (await cli.RunAsync("apply", "-f", "x.json")).Error.ShouldStartWith($"error: x.json is no JSON ({place})");
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
        (await cli.RunAsync("apply", "-f", "latin.yaml")).ShouldBe(new CliRun(2, string.Empty, "error: latin.yaml is no UTF-8 text (line 1, column 6): save it as UTF-8\n"));
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
