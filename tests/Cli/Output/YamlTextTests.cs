using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Harmony.Fleet.Cli.Manifests;
using Harmony.Fleet.Cli.Output;

namespace Harmony.Fleet.Tests.Cli.Output;

public sealed class YamlTextTests
{
    private static readonly Gen<JsonNode?> Scalars = Gen.OneOf(
        ArbMap.Default.GeneratorFor<string>().Select(text => (JsonNode?)JsonValue.Create(text ?? string.Empty)),
        Gen.Elements("yes", "no", "null", "~", "1", "-", "1.5", "on", "0x1", "a: b", "- a", "#c", "{", "[", "*a", "&a", "!t", "%", "@", "`", "'", "\"", " lead", "trail ", "multi\nline", "\t", "=", "<<", "2026-11-21")
            .Select(text => (JsonNode?)JsonValue.Create(text)),
        ArbMap.Default.GeneratorFor<int>().Select(number => (JsonNode?)JsonValue.Create((long)number)),
        ArbMap.Default.GeneratorFor<bool>().Select(flag => (JsonNode?)JsonValue.Create(flag)),
        Gen.Constant((JsonNode?)null));

    [Theory]
    [InlineData("""{"a":1,"b":{"c":[1,{"d":"e","f":[]},[2,3]],"g":{}},"h":null}""", "a: 1\nb:\n  c:\n  - 1\n  - d: e\n    f: []\n  -\n    - 2\n    - 3\n  g: {}\nh: null\n")]
    [InlineData("""{"image":"docker.io/library/nginx:1.27","port":"8080","b":"true","e":""}""", "image: \"docker.io/library/nginx:1.27\"\nport: \"8080\"\nb: \"true\"\ne: \"\"\n")]
    [InlineData("[]", "[]\n")]
    [InlineData("""{"a":"\ud83d\ude00 caf\u00e9"}""", "a: \"\U0001F600 caf\u00e9\"\n")]
    [InlineData("""{"a":"\u200b\u0085\ufeff\udb40\udc01"}""", "a: \"\\u200b\\u0085\\ufeff\\U000e0001\"\n")]
    public void Json_AsYaml_IsReadable(string json, string yaml) => YamlText.Of(JsonElement.Parse(json)).ShouldBe(yaml);

    [Fact]
    public void Json_AsYaml_ReadsBackAsItWas() => Prop.ForAll(Nodes(3).ToArbitrary(), node =>
    {
        // A lone surrogate is no text that any file could hold.
        var json = node?.ToJsonString() ?? "null";
        var element = JsonElement.Parse(json);
        var read = YamlLoader.Load(YamlText.Of(element), "test");
        return read.IsOk && (read.Value.Count == 0 ? node is null : JsonNode.DeepEquals(read.Value.Single(), JsonNode.Parse(json)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static Gen<JsonNode?> Nodes(int depth) => depth == 0 ? Scalars : Gen.OneOf(
        Scalars,
        Nodes(depth - 1).ListOf().Select(items => (JsonNode?)new JsonArray([.. items.Take(4).Select(item => item?.DeepClone())])),
        Nodes(depth - 1).ListOf().Select(items => (JsonNode?)new JsonObject(items.Take(4).Select((item, index) => KeyValuePair.Create($"{(index % 2 == 0 ? "key" : "yes: ")}{index}", item?.DeepClone())))));
}
