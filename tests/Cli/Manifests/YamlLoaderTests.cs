using System.Text;
using System.Text.Json.Nodes;
using Harmony.Fleet.Cli.Manifests;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Tests.Cli.Manifests;

public sealed class YamlLoaderTests
{
    [Theory]
    [InlineData("a: 1", """{"a":1}""")]
    [InlineData("a: '1'", """{"a":"1"}""")]
    [InlineData("a: \"true\"", """{"a":"true"}""")]
    [InlineData("a: !!str 5", """{"a":"5"}""")]
    [InlineData("a: ! 5", """{"a":"5"}""")]
    [InlineData("a: true\nb: False\nc: yes\nd: on", """{"a":true,"b":false,"c":"yes","d":"on"}""")]
    [InlineData("a: ~\nb: null\nc:\nd: NULL", """{"a":null,"b":null,"c":null,"d":null}""")]
    [InlineData("a: 010\nb: 0o10\nc: 0x1F\nd: -3\ne: +4", """{"a":10,"b":8,"c":31,"d":-3,"e":4}""")]
    [InlineData("a: 1.5\nb: 1e3\nc: .5\nd: 1.", """{"a":1.5,"b":1000,"c":0.5,"d":1}""")]
    [InlineData("a: 1.2.3\nb: 12:30:00\nc: 2026-11-21\nd: 0b1", """{"a":"1.2.3","b":"12:30:00","c":"2026-11-21","d":"0b1"}""")]
    [InlineData("a: |\n  x\n  y\nb: >\n  x\n  y", """{"a":"x\ny\n","b":"x y"}""")]
    [InlineData("- 1\n- [a, {b: c}]", """[1,["a",{"b":"c"}]]""")]
    [InlineData("x: &a {k: v}\ny: *a\nz: [*a, *a]", """{"x":{"k":"v"},"y":{"k":"v"},"z":[{"k":"v"},{"k":"v"}]}""")]
    [InlineData("yes: no", """{"yes":"no"}""")]
    [InlineData("%YAML 1.2\n---\na: 1", """{"a":1}""")]
    [InlineData("a: 8080.0\nb: 1e400x\nc: -007\nd: +0\ne: 99999999999999999999\nf: 1.50", """{"a":8080,"b":"1e400x","c":-7,"d":0,"e":99999999999999999999,"f":1.50}""")]
    [InlineData("a: \"\\ud83d\\ude00\"\nb: \"\\U0001F600\"\nc: \U0001F600", """{"a":"\ud83d\ude00","b":"\ud83d\ude00","c":"\ud83d\ude00"}""")]
    [InlineData("x: &b {k: 1, l: 2}\ny:\n  <<: *b\n  l: 3", """{"x":{"k":1,"l":2},"y":{"k":1,"l":3}}""")]
    [InlineData("x: &b {k: 1}\nz: &c {k: 2, l: 3}\ny: {<<: [*b, *c], m: 4}", """{"x":{"k":1},"z":{"k":2,"l":3},"y":{"k":1,"l":3,"m":4}}""")]
    [InlineData("x: &b {k: 1}\ny: &c {<<: *b, l: 2}\nz: {<<: *c, k: 0}", """{"x":{"k":1},"y":{"k":1,"l":2},"z":{"l":2,"k":0}}""")]
    [InlineData("x: &b {k: 1}\ny: {l: 2, <<: *b}", """{"x":{"k":1},"y":{"k":1,"l":2}}""")]
    [InlineData("y: {<<: {k: 1}, l: 2}", """{"y":{"k":1,"l":2}}""")]
    [InlineData("y: {'<<': {k: 1}}", """{"y":{"<<":{"k":1}}}""")]
    [InlineData("x: &b {n: 0x1F}\ny: {<<: *b}\nz: *b", """{"x":{"n":31},"y":{"n":31},"z":{"n":31}}""")]
    public void Yaml_BecomesJson_ByTheCoreSchema(string yaml, string json) =>
        JsonNode.DeepEquals(YamlLoader.Load(yaml, "f").Value.ShouldNotBeNull().Single(), JsonNode.Parse(json)).ShouldBeTrue(YamlLoader.Load(yaml, "f").Value![0]?.ToJsonString());

    [Theory]
    [InlineData("a: 1\n---\nb: 2\n...\n---\n---\nc: 3\n---\n", 3)]
    [InlineData("", 0)]
    [InlineData("# only a comment\n", 0)]
    [InlineData("---\n", 0)]
    public void Documents_OfAStream_AreAllRead_EmptyOnesLeftOut(string yaml, int count) => YamlLoader.Load(yaml, "f").Value.ShouldNotBeNull().Count.ShouldBe(count);

    [Theory]
    [InlineData("a: 1\na: 2", "line 2, column 1", "the key 'a' is there twice")]
    [InlineData("a: *b", "line 1, column 4", "the alias *b has no anchor before it")]
    [InlineData("a: &a [*a]", "line 1, column 8", "the alias *a has no anchor before it")]
    [InlineData("a: !!binary aGk=", "line 1, column 4", "the tag tag:yaml.org,2002:binary is not known")]
    [InlineData("a: !include x", "line 1, column 4", "the tag !include is not known")]
    [InlineData("a: !!map [1]", "line 1, column 4", "the tag tag:yaml.org,2002:map is not known")]
    [InlineData("? [a, b]\n: c", "line 1, column 3", "a key is a text")]
    [InlineData("a: .inf", "line 1, column 4", "'.inf' has no form in JSON")]
    [InlineData("a: .NaN", "line 1, column 4", "'.NaN' has no form in JSON")]
    [InlineData("a: 1e400", "line 1, column 4", "'1e400' has no form in JSON")]
    [InlineData("a: \"\\ud800\"", "line 1, column 4", "an escape in this text is no character: half of a surrogate pair has none")]
    [InlineData("<<: 1", "line 1, column 1", "<< takes a mapping, or a list of mappings")]
    [InlineData("<<: [{a: 1}, 2]", "line 1, column 1", "<< takes a mapping, or a list of mappings")]
    [InlineData("<<: {a: 1}\n<<: {b: 1}", "line 2, column 1", "the key '<<' is there twice")]
    [InlineData("a: 1\n<<: {a: 2}", "line 2, column 1", "<< brings 'a', which stands before it: put << first, so that every reader takes the mapping's own")]
    public void Yaml_ThatAResourceCannotBeWrittenIn_SaysWhereAndWhy(string yaml, string place, string why)
    {
        var error = YamlLoader.Load(yaml, "f.yaml").Fault.ShouldNotBeNull();
        error.Kind.ShouldBe(FaultKind.Invalid);
        error.What.ShouldBe($"f.yaml is no YAML that a resource can be written in ({place}): {why}");
    }

    [Theory]
    [InlineData("a: [1")]
    [InlineData("a: 'x")]
    [InlineData("a:\n\t- 1\n  b: 2")]
    [InlineData("a: b: c")]
    [InlineData("{a: }}")]
    [InlineData("a: \"\\x\"")]
    [InlineData("a: [1, 2\nb: 3\n")]
    [InlineData("a: {b: 1\nc: 3\n")]
    public void Yaml_WithASyntaxError_SaysTheLine(string yaml) =>
        YamlLoader.Load(yaml, "f.yaml").Fault.ShouldNotBeNull().What.ShouldContain("(line ");

    [Fact]
    public void Yaml_ThatIsDamagedAnywhere_IsReadOrRefused_ButThrowsNothing()
    {
        const string Signs = "[]{}:,-?&*!|>'\"%@`#\\\t\n ~<=.0a\u0000\ufeff\u2028\ud800";
        const string Good = "%YAML 1.2\n---\na: &x {k: [1, 'two', \"th\\u0072ee\"], l: !!str 5}\nb:\n- <<: *x\n  m: |\n    text\n- ? n\n  : >-\n    folded\n# end\n...\n---\nc: ~\n";
        for (var at = 0; at < Good.Length; at++)
        {
            _ = YamlLoader.Load(Good.Remove(at, 1), "f");
            _ = YamlLoader.Load(Good[..at], "f");
            foreach (var sign in Signs)
            {
                var damaged = Good.Insert(at, sign.ToString());
                Should.NotThrow(() => YamlLoader.Load(damaged, "f"), damaged);
            }
        }
    }

    [Fact]
    public void Aliases_ThatMultiply_AreStoppedEarly()
    {
        var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (var level = 1; level < 12; level++)
        {
            bomb.Append($"a{level}: &a{level} [{string.Join(',', Enumerable.Repeat($"*a{level - 1}", 10))}]\n");
        }

        YamlLoader.Load(bomb.ToString(), "bomb").Fault.ShouldNotBeNull().What.ShouldContain("more than 200000 values");
    }

    [Fact]
    public void Nesting_ThatIsTooDeep_IsAnError_NotACrash()
    {
        YamlLoader.Load(new string('[', 100_000), "deep").Fault.ShouldNotBeNull().Kind.ShouldBe(FaultKind.Invalid);
        YamlLoader.Load("a: &a {b: {c: {d: {e: {f: {g: 1}}}}}}\n" + string.Concat(Enumerable.Range(0, 30).Select(level => new string(' ', level) + "k:\n")) + new string(' ', 30) + "k: *a", "deep")
            .Fault.ShouldNotBeNull().What.ShouldContain("nested deeper than");
    }
}
