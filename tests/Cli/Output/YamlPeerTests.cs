using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck.Fluent;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Cli.Output;

/// <summary>The YAML that is written is YAML for others too: PyYAML, which reads by YAML 1.1, reads back what was meant.</summary>
[Trait("Category", "Integration")]
public sealed class YamlPeerTests
{
    private const string Reader = "import sys, json, yaml; [print(json.dumps(document)) for document in yaml.safe_load_all(sys.stdin.buffer)]";

    /// <summary>One of each kind that a text can be wrong in: pairs of surrogates, what is not printable, what another schema takes for something else.</summary>
    private static readonly string[] Odd =
    [
        "\U0001F600", "caf\u00e9 \U0001F468\u200d\U0001F469\u200d\U0001F467", "\U00010000\U0010FFFF", "\U000E0001", "\u0085\u2028\u2029", "\ufeffx", "\ufffe\uffff", "\0\x07\e\x7f\x9f",
        "12:30:00", "1_000", "0x1F", "0o7", "010", "1e3", ".5", "+1", "~", "null", "Yes", "off", "<<", "=", "2026-11-21", "2026-11-21T07:33:00Z", "!x", "&a", "*a", "- a", "a: b", "#", "a #b", "'", "\"", "\\",
        " a", "a ", "a\n", "\n", "\r\n", "\t", "", "%YAML 1.2", "---", "...", "@", "`", "|", ">", "[", "{", "\ue000",
    ];

    [Fact]
    public async Task OddTexts_AsValuesAndAsKeys_AreReadByAnotherParser_AsTheyWere()
    {
        var documents = Odd.Select((text, index) => (JsonNode)new JsonObject { ["value"] = text, [$"{text}{index}"] = 1, ["list"] = new JsonArray(text, new JsonObject { [$"{index}{text}"] = text }) }).ToList();
        await ShouldComeBackAsync(documents);
    }

    [Fact]
    public async Task AnyTexts_AreReadByAnotherParser_AsTheyWere()
    {
        var texts = ArbMap.Default.GeneratorFor<string>().Sample(400).Select(text => new string([.. (text ?? string.Empty).Where(character => !char.IsSurrogate(character))]));
        await ShouldComeBackAsync([.. texts.Select(text => (JsonNode)new JsonObject { ["value"] = text + "\U0001F9EA" })]);
    }

    private static async Task ShouldComeBackAsync(List<JsonNode> documents)
    {
        var yaml = string.Join("---\n", documents.Select(document => YamlText.Of(JsonElement.Parse(document.ToJsonString()))));
        var lines = await ReadAsync(yaml);
        lines.Length.ShouldBe(documents.Count);
        foreach (var (line, document) in lines.Zip(documents))
        {
            JsonNode.DeepEquals(JsonNode.Parse(line), document).ShouldBeTrue($"{document.ToJsonString()} came back as {line}");
        }
    }

    private static async Task<string[]> ReadAsync(string yaml)
    {
        var start = new ProcessStartInfo(await EngScript.RunAsync("eng/python-yaml.sh"), ["-c", Reader])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = await Spawner.StartAsync(start);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(yaml), TestContext.Current.CancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.ShouldBe(0, await errors);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
