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
    [InlineData("/a", "nothing stands before the '/' of the key: leave it out, or name a domain (for example 'example.com/site')")]
    [InlineData("a/", "a key is empty")]
    [InlineData("a/b/c", "a key has at most one '/', after a domain name (for example 'example.com/site')")]
    [InlineData("-a", "a key has letters, digits, '-', '_' and '.', and begins and ends with a letter or digit (for example 'site' or 'my.name-1')")]
    [InlineData("a.", "a key has letters, digits, '-', '_' and '.', and begins and ends with a letter or digit (for example 'site' or 'my.name-1')")]
    [InlineData("a b", "a key has letters, digits, '-', '_' and '.', and begins and ends with a letter or digit (for example 'site' or 'my.name-1')")]
    [InlineData("é", "a key has letters, digits, '-', '_' and '.', and begins and ends with a letter or digit (for example 'site' or 'my.name-1')")]
    [InlineData("Example.com/a", "what stands before the '/' of a key is a domain name: lower case letters, digits, '-' and '.', each part beginning and ending with a letter or digit (for example 'example.com')")]
    [InlineData("a..b/c", "what stands before the '/' of a key is a domain name: lower case letters, digits, '-' and '.', each part beginning and ending with a letter or digit (for example 'example.com')")]
    [InlineData("-a.b/c", "what stands before the '/' of a key is a domain name: lower case letters, digits, '-' and '.', each part beginning and ending with a letter or digit (for example 'example.com')")]
    [InlineData("a-.b/c", "what stands before the '/' of a key is a domain name: lower case letters, digits, '-' and '.', each part beginning and ending with a letter or digit (for example 'example.com')")]
    [InlineData("a_b/c", "what stands before the '/' of a key is a domain name: lower case letters, digits, '-' and '.', each part beginning and ending with a letter or digit (for example 'example.com')")]
    public void KeyError_InvalidKey_SaysWhatOneLooksLike(string key, string message) => LabelSyntax.KeyError(key).ShouldBe(message);

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
    [InlineData("-x", "a value is empty, or has letters, digits, '-', '_' and '.', and begins and ends with a letter or digit (for example 'lyon' or 'rack_2')")]
    [InlineData("x.", "a value is empty, or has letters, digits, '-', '_' and '.', and begins and ends with a letter or digit (for example 'lyon' or 'rack_2')")]
    [InlineData("a/b", "a value is empty, or has letters, digits, '-', '_' and '.', and begins and ends with a letter or digit (for example 'lyon' or 'rack_2')")]
    [InlineData("a\n", "a value is empty, or has letters, digits, '-', '_' and '.', and begins and ends with a letter or digit (for example 'lyon' or 'rack_2')")]
    public void ValueError_Value_SaysWhatOneLooksLike(string value, string? message)
    {
        LabelSyntax.ValueError(value).ShouldBe(message);
        LabelSyntax.IsValid("a", value).ShouldBe(message is null);
        LabelSyntax.IsValid("a b", value).ShouldBeFalse();
    }

    [Fact]
    public void ValueError_AtTheLimit_Counts()
    {
        LabelSyntax.ValueError(Long).ShouldBeNull();
        LabelSyntax.ValueError(Long + "a").ShouldBe("a value has at most 63 characters");
    }
}
