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
    [InlineData("", "a key is empty")]
    [InlineData("/a", "nothing stands before the '/' of the key")]
    [InlineData("a/", "a key is empty")]
    [InlineData("a/b/c", "a key has at most one '/', after a domain name (for example 'example.com/site')")]
    [InlineData("-a", "a key has letters, digits, '-', '_' and '.', and begins and ends with a letter or digit (for example 'site'")]
    [InlineData("a.", "a key has letters, digits, '-', '_' and '.', and begins and ends with a letter or digit (for example 'site'")]
    [InlineData("a b", "a key has letters, digits, '-', '_' and '.', and begins and ends with a letter or digit (for example 'site'")]
    [InlineData("é", "a key has letters, digits, '-', '_' and '.', and begins and ends with a letter or digit (for example 'site'")]
    [InlineData("Example.com/a", "what stands before the '/' of a key is a domain name: ")]
    [InlineData("a..b/c", "what stands before the '/' of a key is a domain name: ")]
    [InlineData("-a.b/c", "what stands before the '/' of a key is a domain name: ")]
    [InlineData("a_b/c", "what stands before the '/' of a key is a domain name: ")]
    public void KeyError_InvalidKey_SaysWhatOneLooksLike(string key, string message) => LabelSyntax.KeyError(key).ShouldNotBeNull().ShouldStartWith(message);

    [Fact]
    public void KeyError_AtTheLimits_CountsEachPart()
    {
        var prefix = string.Join('.', Long, Long, Long, new string('a', 61));
        prefix.Length.ShouldBe(253);
        LabelSyntax.KeyError($"{prefix}/{Long}").ShouldBeNull();
        LabelSyntax.KeyError($"{prefix}a/{Long}").ShouldBe("what stands before the '/' of a key has at most 253 characters");
        LabelSyntax.KeyError(Long + "a").ShouldBe("a key has at most 63 characters after its '/'");
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("x", null)]
    [InlineData("X-1_2.y", null)]
    [InlineData("-x", "a value is empty, or has letters, digits, ")]
    [InlineData("x.", "a value is empty, or has letters, digits, ")]
    [InlineData("a/b", "a value is empty, or has letters, digits, ")]
    [InlineData("a\n", "a value is empty, or has letters, digits, ")]
    public void ValueError_Value_SaysWhatOneLooksLike(string value, string? message)
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
        LabelSyntax.ValueError(Long + "a").ShouldBe("a value has at most 63 characters");
    }
}
