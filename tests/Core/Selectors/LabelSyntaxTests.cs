using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Tests.Core.Selectors;

public sealed class LabelSyntaxTests
{
    private static readonly string Long = new('a', 63);

    [Theory]
    [InlineData("a")]
    [InlineData("A.b-c_9")]
    [InlineData("example.com/a")]
    [InlineData("a-b.c/D")]
    public void KeyError_ValidKey_IsNull(string key) => LabelSyntax.KeyError(key).ShouldBeNull();

    [Theory]
    [InlineData("", "name part must be non-empty")]
    [InlineData("/a", "prefix part must be non-empty")]
    [InlineData("a/", "name part must be non-empty")]
    [InlineData("a/b/c", "a qualified name must consist of")]
    [InlineData("-a", "name part must consist of")]
    [InlineData("a.", "name part must consist of")]
    [InlineData("a b", "name part must consist of")]
    [InlineData("é", "name part must consist of")]
    [InlineData("Example.com/a", "prefix part a lowercase RFC 1123 subdomain")]
    [InlineData("a..b/c", "prefix part a lowercase RFC 1123 subdomain")]
    [InlineData("-a.b/c", "prefix part a lowercase RFC 1123 subdomain")]
    [InlineData("a_b/c", "prefix part a lowercase RFC 1123 subdomain")]
    public void KeyError_InvalidKey_SaysWhatKubernetesSays(string key, string message) => LabelSyntax.KeyError(key).ShouldNotBeNull().ShouldStartWith(message);

    [Fact]
    public void KeyError_AtTheLimits_CountsEachPart()
    {
        var prefix = string.Join('.', Long, Long, Long, new string('a', 61));
        prefix.Length.ShouldBe(253);
        LabelSyntax.KeyError($"{prefix}/{Long}").ShouldBeNull();
        LabelSyntax.KeyError($"{prefix}a/{Long}").ShouldBe("prefix part must be no more than 253 characters");
        LabelSyntax.KeyError(Long + "a").ShouldBe("name part must be no more than 63 characters");
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("x", null)]
    [InlineData("X-1_2.y", null)]
    [InlineData("-x", "a valid label must be an empty string or consist of")]
    [InlineData("x.", "a valid label must be an empty string or consist of")]
    [InlineData("a/b", "a valid label must be an empty string or consist of")]
    [InlineData("a\n", "a valid label must be an empty string or consist of")]
    public void ValueError_Value_SaysWhatKubernetesSays(string value, string? message)
    {
        if (message is null)
        {
            LabelSyntax.ValueError(value).ShouldBeNull();
        }
        else
        {
            LabelSyntax.ValueError(value).ShouldNotBeNull().ShouldStartWith(message);
        }
    }

    [Fact]
    public void ValueError_AtTheLimit_Counts()
    {
        LabelSyntax.ValueError(Long).ShouldBeNull();
        LabelSyntax.ValueError(Long + "a").ShouldBe("must be no more than 63 characters");
    }
}
