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
    [InlineData("{\"a\":1", "line 1, column 7", "it ends in the middle of a value")]
    [InlineData("{\"a\":1,\n", "line 2, column 1", "it ends in the middle of a value")]
    [InlineData("{\"a\":", "line 1, column 6", "it ends before each bracket is closed")]
    [InlineData("{\"a\":\"x", "line 1, column 8", "it ends in the middle of a text: a closing \" is missing")]
    [InlineData("{\"a\":tru}", "line 1, column 9", "what stands here is no value: a text is in double quotes")]
    [InlineData("{\n\"a\":1,\n}", "line 3, column 1", "a comma stands before the end of an object or a list: leave it out")]
    [InlineData("{\"a\":[1,]}", "line 1, column 9", "a comma stands before the end of an object or a list: leave it out")]
    [InlineData("{\"a\" 1}", "line 1, column 6", "a ':' is missing after a key")]
    [InlineData("{a:1}", "line 1, column 2", "a key in double quotes is expected, and not 'a'")]
    [InlineData("{\"a\":,}", "line 1, column 6", "a value is expected, and not ','")]
    [InlineData("{\"a\":1 \"b\":2}", "line 1, column 8", "a comma or a closing bracket is expected, and not '\"'")]
    [InlineData("{\"a\":1}\n]", "line 2, column 1", "a value is expected, and not ']'")]
    [InlineData("{\"a\":01}", "line 1, column 7", "what stands here is no number: none begins with 0")]
    [InlineData("{\"a\":1.x}", "line 1, column 8", "what stands here is no number")]
    [InlineData("{\"a\":\"x\ny\"}", "line 1, column 8", "a line break or another control character stands in a text: write it as an escape, such as \\n")]
    [InlineData("{\"a\":\"\\x\"}", "line 1, column 8", "a backslash stands before what it does not escape: write \\\\ for one")]
    [InlineData("{\"a\":\"\\u12g4\"}", "line 1, column 11", "\\u stands before what are no four hexadecimal digits")]
    [InlineData("{ // no\n}", "line 1, column 3", "a comment is no part of JSON: leave it out, or write YAML")]
    [InlineData("{\"a\":1,\n \"a\":2}", "line 2, column 2", "the key 'a' is there twice")]
    [InlineData("[{\"a\":1},{\"b\":{},\"a\":1,\"b\":2}]", "line 1, column 24", "the key 'b' is there twice")]
    public async Task Json_ThatIsWrong_IsToldInOurWords_WithItsPlace(string json, string place, string why)
    {
        cli.Write("x.json", json);
        (await cli.RunAsync("apply", "-f", "x.json")).ShouldBe(new CliRun(2, string.Empty, $"error: x.json is no JSON ({place}): {why}\n"));
    }

    [Fact]
    public async Task Json_ThatIsNestedTooDeep_IsToldInOurWords()
    {
        cli.Write("x.json", new string('[', 1000));
        (await cli.RunAsync("apply", "-f", "x.json")).Error.ShouldStartWith("error: x.json is no JSON (line 1, column ");
        (await cli.RunAsync("apply", "-f", "x.json")).Error.ShouldMatch("it is nested deeper than [0-9]+ levels\n$");
    }

    [Theory]
    [InlineData("a: b: c\n", "line 1, column 5", "a ':' stands where none can: quote the value that holds it, or mend the indentation")]
    [InlineData("a\nb: 1\n", "line 2, column 2", "a ':' stands where none can: quote the value that holds it, or mend the indentation")]
    [InlineData("a: {b: 1\n", "line 2, column 1", "a mapping in braces needs a ',' or its '}' here")]
    [InlineData("x: [a: b: c]", "line 1, column 9", "a list in brackets needs a ',' or its ']' here")]
    [InlineData("a: \"x\n", "line 1, column 4", "the quote that begins here is not closed")]
    [InlineData("a: @b", "line 1, column 4", "no value begins with this character: quote it")]
    [InlineData("a:\n  b: 1\n c: 2\n", "line 3, column 2", "a key with its ':' is expected: something before this is not closed or not indented as it should be")]
    [InlineData("a:\n  - x\n  y: 1\n", "line 3, column 3", "an item with its '-' is expected, or less indentation")]
    [InlineData("a: \"\\q\"", "line 1, column 4", "a backslash in this text stands before what it does not escape: write \\\\ for one, or single quotes")]
    [InlineData("a: \"\\u12\"", "line 1, column 4", "an escape in this text lacks hexadecimal digits")]
    [InlineData("a: *\n", "line 1, column 4", "a name is missing after & or *: quote a value that begins with one")]
    [InlineData("a: !<x\n", "line 1, column 4", "a tag is not closed: quote a value that begins with !")]
    [InlineData("a: ]\n", "line 1, column 4", "a value is expected")]
    [InlineData("a: |9x\n", "line 1, column 4", "what stands behind | or > is neither its indentation nor the line's end")]
    [InlineData("a: - b", "line 1, column 4", "a list with '-' begins on a line of its own")]
    [InlineData("a: &a &b 1", "line 1, column 7", "a value has one anchor at the most")]
    public async Task Yaml_ThatIsWrong_IsToldInOurWords_WithItsPlace(string yaml, string place, string why)
    {
        cli.Write("x.yaml", yaml);
        (await cli.RunAsync("apply", "-f", "x.yaml")).ShouldBe(
            new CliRun(2, string.Empty, $"error: x.yaml is no YAML that a resource can be written in ({place}): {why}\n"));
    }

    [Theory]
    [InlineData("a: 1\n\tb: 2\n", "line 2, column 1")]
    [InlineData("a:\n\tb: 2\n", "line 2, column 1")]
    [InlineData("a:\n  - x\n \t- y\n", "line 3, column 2")]
    [InlineData("a: |\n\tx\n", "line 2, column 1")]
    public async Task Yaml_WithATabThatIndents_SaysWhereItStands(string yaml, string place)
    {
        cli.Write("x.yaml", yaml);
        (await cli.RunAsync("apply", "-f", "x.yaml")).ShouldBe(
            new CliRun(2, string.Empty, $"error: x.yaml is no YAML that a resource can be written in ({place}): a tab stands where only spaces indent: write spaces\n"));
    }

    [Theory]
    [InlineData("x.yaml", "", "x.yaml holds no resource")]
    [InlineData("x.yaml", "just text", "x.yaml is no resource: it should be an object with apiVersion, kind, metadata and spec")]
    [InlineData("x.json", "{\"a\":1,\"a\":2}", "x.json is no JSON (line 1, column 8): the key 'a' is there twice")]
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

    [Theory]
    [InlineData("apply", "-f", "a\nb\tc")]
    [InlineData("apply", "--file=a\nb\tc")]
    [InlineData("get", "devices", "--server", "http://127.0.0.1:1", "--token-file", "a\nb\tc")]
    [InlineData("get", "a\nb\tc")]
    [InlineData("get", "devices", "a\nb\tc")]
    public async Task Word_WithALineBreak_IsShownWithEscapes(params string[] line) => (await cli.RunAsync(line)).Error.ShouldContain("a\\u000ab\\u0009c");

    [Fact]
    public async Task File_OfAFolder_WithALineBreakInItsName_IsShownWithEscapes()
    {
        cli.Write("d/a\nb.json", "{");
        (await cli.RunAsync("apply", "-f", "d")).Error.ShouldStartWith("error: d/a\\u000ab.json is no JSON");
    }

    [Fact]
    public async Task Folder_WithoutFiles_IsAUsageError()
    {
        cli.Write("d/readme.md", "x");
        (await cli.RunAsync("apply", "-f", "d")).Error.ShouldBe("error: the folder d holds no .yaml, .yml or .json file: name one that does, or a file\n");
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
            .ShouldBe("error: deployment default/a is there twice, in twice.yaml (document 1) and in twice.yaml (document 2): leave one of them out\n");
    }

    private static List<string> Names(string json)
    {
        var root = System.Text.Json.JsonElement.Parse(json);
        var items = root.TryGetProperty("items", out var list) ? list.EnumerateArray().ToList() : [root];
        return [.. items.Select(item => item.GetProperty("metadata").GetProperty("name").GetString()!)];
    }
}
