using System.Text;
using System.Text.Json;
using Harmony.Fleet.Core.Resources;

namespace Harmony.Fleet.Tests.Core.Resources;

public sealed class UnknownMembersTests
{
    [Theory]
    [InlineData("a value that changes", """{"f":1,"a":1}""", """{"a":1}""", """{"a":2}""", """{"f":1,"a":2}""")]
    [InlineData("one that is new", """{"f":1}""", "{}", """{"a":2}""", """{"f":1,"a":2}""")]
    [InlineData("one that goes", """{"a":1,"f":1}""", """{"a":1}""", "{}", """{"f":1}""")]
    [InlineData("one deep within", """{"a":{"f":{"g":[1,2.50]},"b":1},"c":1}""", """{"a":{"b":1},"c":1}""", """{"a":{"b":1},"c":2}""", """{"a":{"f":{"g":[1,2.50]},"b":1},"c":2}""")]
    [InlineData("an object that goes takes its members along", """{"a":{"f":1,"b":1}}""", """{"a":{"b":1}}""", "{}", "{}")]
    [InlineData("an object that another takes the place of", """{"a":{"f":1,"b":1}}""", """{"a":{"b":1}}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("a default that is stored and not written", """{"n":0,"a":1}""", """{"a":1}""", """{"a":2}""", """{"n":0,"a":2}""")]
    [InlineData("a default that gets a value", """{"n":0,"a":1}""", """{"a":1}""", """{"a":1,"n":3}""", """{"n":3,"a":1}""")]
    [InlineData("a null that is stored and read as left out", """{"n":null,"a":1}""", """{"a":1}""", """{"a":2}""", """{"n":null,"a":2}""")]
    [InlineData("a value that is read as Unknown", """{"s":"Maybe","a":1}""", """{"s":"Unknown","a":1}""", """{"s":"Unknown","a":2}""", """{"s":"Maybe","a":2}""")]
    [InlineData("an item that stays", """[{"type":"A","f":1},{"type":"B"}]""", """[{"type":"A"},{"type":"B"}]""", """[{"type":"B"},{"type":"A"}]""", """[{"type":"B"},{"type":"A","f":1}]""")]
    [InlineData("an item that changes", """[{"name":"a","f":1,"n":1}]""", """[{"name":"a","n":1}]""", """[{"name":"b","n":0},{"name":"a","n":2}]""", """[{"name":"b","n":0},{"name":"a","f":1,"n":2}]""")]
    [InlineData("an item without a name that changes", """[{"n":1,"f":1}]""", """[{"n":1}]""", """[{"n":2}]""", """[{"n":2}]""")]
    [InlineData("an item that goes", """[{"name":"a","f":1},{"name":"b"}]""", """[{"name":"a"},{"name":"b"}]""", """[{"name":"b"}]""", """[{"name":"b"}]""")]
    [InlineData("a list that was read as another", """[1,2,3]""", """[1,2]""", """[1]""", """[1]""")]
    public void Keep_OfUnknownMembers_ChangesOnlyWhatDiffers(string what, string stored, string known, string next, string expected) =>
        Keep(stored, known, next).ShouldBe(expected, what);

    [Fact]
    public void Keep_WithoutADifference_IsWhatIsStoredByteByByte()
    {
        var stored = """{ "f" : 1e2, "a": "\u0041" }"""u8.ToArray();

        UnknownMembers.Keep(stored, """{"a":"A"}"""u8.ToArray(), """{"a":"A"}"""u8.ToArray()).ShouldBeSameAs(stored);
    }

    [Fact]
    public void Keep_OfNothingUnknown_IsWhatIsWrittenByteByByte()
    {
        var next = """{"b":2}"""u8.ToArray();

        UnknownMembers.Keep("""{"a":1}"""u8.ToArray(), """{"a":1}"""u8.ToArray(), next).ShouldBeSameAs(next);
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":""")]
    public void Keep_OfWhatIsNoJson_Throws(string stored) => Should.Throw<JsonException>(() => Keep(stored, """{"a":1}""", """{"a":2}"""));

    private static string Keep(string stored, string known, string next) =>
        Encoding.UTF8.GetString(UnknownMembers.Keep(Encoding.UTF8.GetBytes(stored), Encoding.UTF8.GetBytes(known), Encoding.UTF8.GetBytes(next)));
}
