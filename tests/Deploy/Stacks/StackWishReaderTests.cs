using System.Text;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Tests.Deploy.Stacks;

/// <summary>Whatever stands in <c>fleet.json</c>, what is read from it makes sense, or the file and the field are told.</summary>
public sealed class StackWishReaderTests
{
    [Theory]
    [InlineData("\"devices\":100000", "has devices 100000, where a number from 0 to 32 should be")]
    [InlineData("\"devices\":33", "has devices 33, where a number from 0 to 32 should be")]
    [InlineData("\"devices\":-1", "has devices -1, where a number from 0 to 32 should be")]
    [InlineData("\"devices\":\"2\"", "has devices \"2\", where a number from 0 to 32 should be")]
    [InlineData("\"devices\":null", "has devices null, where a number from 0 to 32 should be")]
    [InlineData("\"devices\":1e99", "has devices 1e99, where a number from 0 to 32 should be")]
    [InlineData("\"devices\":1.5", "has devices 1.5, where a number from 0 to 32 should be")]
    [InlineData("\"devices\":\"0123456789012345678901234567890123456789\"", "has devices \"012345678901234567890123456789012345678 ..., where a number from 0 to 32 should be")]
    [InlineData("\"request\":-1", "has request -1, where a number from 0 to 1000000000000 should be")]
    [InlineData("\"request\":9223372036854775807", "has request 9223372036854775807, where a number from 0 to 1000000000000 should be")]
    [InlineData("\"natsNodes\":2", "has natsNodes 2, where 1, 3 or 5 should be")]
    [InlineData("\"natsNodes\":null", "has natsNodes null, where 1, 3 or 5 should be")]
    [InlineData("\"natsNodes\":3.5", "has natsNodes 3.5, where 1, 3 or 5 should be")]
    [InlineData("\"hasStood\":\"yes\"", "has hasStood \"yes\", where true or false should be")]
    [InlineData("\"hasStood\":null", "has hasStood null, where true or false should be")]
    [InlineData("\"id\":1", "has no id that is a text")]
    [InlineData("\"id\":\"\\ud800\"", "is no JSON")]
    [InlineData("\"devices\":", "is no JSON")]
    public void Field_ThatMakesNoSense_IsTold(string field, string how) =>
        Read($$"""{"id":"x",{{field}}}""").Fault.ShouldBe(Fault.Invalid($"/data/fleet.json {how}", "mend the file, or restore it from a backup"));

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("3")]
    public void File_ThatIsNoObject_IsTold(string text) => Read(text).Fault.ShouldNotBeNull().What.ShouldBe("/data/fleet.json is no JSON object");

    [Theory]
    [InlineData("""{"id":"x"}""", 0, 0, 1)]
    [InlineData("""{"id":"x","devices":32,"natsNodes":3,"request":1000000000000,"later":{}}""", 32, 1_000_000_000_000, 3)]
    public void Wish_ThatMakesSense_IsRead(string text, int devices, long request, int nodes) =>
        Read(text).Value.ShouldBe(new StackWish { Id = "x", Devices = devices, Request = request, NatsNodes = nodes });

    [Theory]
    [InlineData("""{"id":"x","devices":"2"}""", "x")]
    [InlineData("""{"id":"\ud800"}""", null)]
    [InlineData("""{"id":2}""", null)]
    [InlineData("{{{", null)]
    public void Id_IsReadWhateverElseIsWrong(string text, string? id) => StackWishReader.Id(Encoding.UTF8.GetBytes(text)).ShouldBe(id);

    private static Outcome<StackWish?> Read(string text) => StackWishReader.Read(Encoding.UTF8.GetBytes(text), "/data/fleet.json");
}
