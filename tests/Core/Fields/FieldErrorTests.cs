using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Tests.Core.Fields;

public sealed class FieldErrorTests
{
    public static TheoryData<FieldError, string> Texts => new()
    {
        { FieldError.Required("spec.a", "say which"), "spec.a: Required value: say which" },
        { FieldError.Forbidden("spec.a", "not here"), "spec.a: Forbidden: not here" },
        { FieldError.Invalid("spec.a", "x y", "no blanks"), "spec.a: Invalid value: \"x y\": no blanks" },
        { FieldError.Invalid("spec.a", 7, "must be 8"), "spec.a: Invalid value: 7: must be 8" },
        { FieldError.Duplicate("spec.a", "x"), "spec.a: Duplicate value: \"x\"" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void ToString_OfEachSort_IsInKubernetesWords(FieldError error, string text) => error.ToString().ShouldBe(text);

    [Theory]
    [InlineData(100, "")]
    [InlineData(101, "...")]
    public void Invalid_LongValue_RepeatsAHundredCharacters(int length, string end) =>
        FieldError.Invalid("a", new string('x', length), "no").Message.ShouldBe($"Invalid value: \"{new string('x', 100)}{end}\": no");
}
