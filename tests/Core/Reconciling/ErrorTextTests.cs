using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Tests.Core.Reconciling;

public sealed class ErrorTextTests
{
    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "abc")]
    [InlineData("aéé", 4, "aé")]
    [InlineData("a€", 3, "a")]
    [InlineData("a😀b", 4, "a")]
    [InlineData("a😀b", 5, "a😀")]
    public void Cut_TooLong_EndsWithAWholeCharacter(string text, int max, string expected) => ErrorText.Cut(text, max).ShouldBe(expected);

    [Fact]
    public void Cut_AnyText_FitsAndBeginsTheSame() => Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), ArbMap.Default.ArbFor<byte>(), (text, max) =>
    {
        var cut = ErrorText.Cut(text.Get, max);
        return Encoding.UTF8.GetByteCount(cut) <= max && text.Get.StartsWith(cut, StringComparison.Ordinal);
    }).QuickCheckThrowOnFailure();
}
