using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Harmony.Fleet.Hosting.Options;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Hosting.Options;

public sealed class OptionsFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Load_CommentsTrailingCommasAndABom_AreAllowed()
    {
        File.WriteAllText(folder.File("x.json"), "{ // one\n \"name\": \"n\", /* two */ \"inner\": { \"count\": 3, }, }", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        var outcome = Load();
        (outcome as OptionsOutcome<Shape>.Invalid)?.Errors.ShouldBeEmpty();
        outcome.ShouldBeOfType<OptionsOutcome<Shape>.Loaded>().Options.ShouldBe(new Shape { Name = "n", Inner = new Part { Count = 3 } });
    }

    [Fact]
    public void Load_EverythingWrongWithTheShape_IsToldAtOnce() =>
        Errors("""{"nmae": "n", "name": 7, "ratio": "half", "isOn": "yes", "words": {"a": 1}, "inner": {"count": 1.5, "cuont": 1}, "extra": null}""").ShouldBe(
            [
                "nmae: there is no such setting; there are name, ratio, isOn, words, inner.",
                "name: it must be a text.",
                "ratio: it must be a number.",
                "isOn: it must be true or false.",
                "words: it must be {...} with a text for each name.",
                "inner.count: it must be a whole number.",
                "inner.cuont: there is no such setting; there are count.",
                "extra: there is no such setting; there are name, ratio, isOn, words, inner.",
            ]);

    [Theory]
    [InlineData("""{"name": "n""", "(line 1, column 12)")]
    [InlineData("{\n  \"name\": n }", "(line 2, column 12)")]
    [InlineData("hello", "no valid JSON")]
    [InlineData("", "no valid JSON")]
    [InlineData("null", "holds null")]
    [InlineData("[]", "must be {...}")]
    [InlineData("""{"inner": []}""", "inner: it must be {...}")]
    [InlineData("""{"name": "a", "name": "b"}""", "name")]
    [InlineData("""{"name": "\ud800"}""", "name: it must be a text")]
    [InlineData("""{"\ud800": "x"}""", "half a character")]
    [InlineData("""{"words": {"\ud800": "x"}}""", "half a character")]
    public void Load_OfSomethingElse_SaysWhatAndWhere(string text, string part) => Errors(text).ShouldHaveSingleItem().ShouldContain(part);

    [Fact]
    public void Load_OfBytesThatAreNoText_SaysSo()
    {
        File.WriteAllBytes(folder.File("x.json"), [(byte)'{', (byte)'"', 0xff, (byte)'"', (byte)'}']);
        Errors(Load()).ShouldHaveSingleItem().ShouldContain("UTF-8");
    }

    [Fact]
    public void Load_OfALargeFile_SaysSo() => Errors(new string(' ', 70_000)).ShouldHaveSingleItem().ShouldContain("larger");

    [Fact]
    public void Load_OfNoFile_SaysSo() => Errors(Load()).ShouldHaveSingleItem().ShouldBe($"{folder.File("x.json")} cannot be read: there is no such file.");

    [Fact]
    public void Load_OfAFolder_SaysSo()
    {
        Directory.CreateDirectory(folder.File("x.json"));
        Errors(Load()).ShouldHaveSingleItem().ShouldBe($"{folder.File("x.json")} cannot be read: it is a folder, not a file.");
    }

    /// <summary>Opened, it would wait until somebody writes into it.</summary>
    [Fact]
    public async Task Load_OfAPipe_SaysSo()
    {
        var pipe = await folder.PipeAsync("x.json");
        Errors(Load()).ShouldHaveSingleItem().ShouldBe($"{pipe} cannot be read: it is a pipe, not a file.");
    }

    [Fact]
    public void Load_ErrorsOfTheCheck_ComeBesideEachOther()
    {
        File.WriteAllText(folder.File("x.json"), "{}");
        Errors(OptionsFile.Load(folder.File("x.json"), ShapeJson.Default.Shape, (Shape shape, OptionsCheck check) =>
        {
            check.Text("name", shape.Name, "who it is");
            check.Number("ratio", 0.5, 10, 1);
            check.OptionalFile("file", "none.pem");
            check.Socket("socket", new string('x', 108));
            return shape;
        })).ShouldBe(
            [
                "name: it is missing; it says who it is.",
                "ratio: it is 0.5; it must be from 1 to 10.",
                $"file: there is no file {folder.File("none.pem")}.",
                $"socket: {folder.File(new string('x', 108))} is too long for a socket; use at most 107 bytes.",
            ]);
    }

    private OptionsOutcome<Shape> Load() => OptionsFile.Load(folder.File("x.json"), ShapeJson.Default.Shape, (Shape shape, OptionsCheck _) => shape);

    private string[] Errors(string text)
    {
        File.WriteAllText(folder.File("x.json"), text);
        return Errors(Load());
    }

    private static string[] Errors(OptionsOutcome<Shape> outcome) => [.. outcome.ShouldBeOfType<OptionsOutcome<Shape>.Invalid>().Errors];
}

internal sealed record Shape
{
    public string? Name { get; init; }

    public double? Ratio { get; init; }

    public bool? IsOn { get; init; }

    public Dictionary<string, string>? Words { get; init; }

    public Part? Inner { get; init; }
}

internal sealed record Part
{
    public int? Count { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(Shape))]
internal sealed partial class ShapeJson : JsonSerializerContext;
