using FsCheck;
using FsCheck.Fluent;
using Harmony.Fleet.Core.Images;

namespace Harmony.Fleet.Tests.Core.Images;

public sealed class ImageReferenceTests
{
    private static readonly string Hex = new('a', 64);

    [Theory]
    [InlineData("busybox", null, "busybox", null)]
    [InlineData("busybox:1.36", null, "busybox", "1.36")]
    [InlineData("library/busybox", null, "library/busybox", null)]
    [InlineData("localhost/hello-web:1", "localhost", "hello-web", "1")]
    [InlineData("localhost:5000/a/b:x", "localhost:5000", "a/b", "x")]
    [InlineData("registry.example/app", "registry.example", "app", null)]
    [InlineData("registry.example:5000/app", "registry.example:5000", "app", null)]
    [InlineData("Registry/app", "Registry", "app", null)]
    [InlineData("[::1]:5000/app:1", "[::1]:5000", "app", "1")]
    [InlineData("a__b/c-d.e_f--g", null, "a__b/c-d.e_f--g", null)]
    [InlineData("a:_X.y-z", null, "a", "_X.y-z")]
    public void TryParse_Valid_HasItsParts(string text, string? registry, string repository, string? tag)
    {
        ImageReference.TryParse(text, out var reference, out _).ShouldBeTrue();

        (reference!.Registry, reference.Repository, reference.Tag).ShouldBe((registry, repository, tag));
        reference.ToString().ShouldBe(text);
        reference.Digest.ShouldBeNull();
    }

    [Fact]
    public void TryParse_WithDigest_HasItBesideTheTag()
    {
        ImageReference.TryParse($"registry.example/app:1@sha256:{Hex}", out var reference, out _).ShouldBeTrue();

        reference!.Digest.ShouldBe($"sha256:{Hex}");
        reference.Tag.ShouldBe("1");
        reference.ToString().ShouldBe($"registry.example/app:1@sha256:{Hex}");
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("Busybox", "lower case")]
    [InlineData("a b", "'a b' is no repository: use a-z and 0-9, single '.' or '_' or '-' within, and '/' between")]
    [InlineData("@sha256:abc", "'' is no repository")]
    [InlineData("a/", "no repository")]
    [InlineData("/a", "no repository")]
    [InlineData("a//b", "no repository")]
    [InlineData("a..b", "no repository")]
    [InlineData("a___b", "no repository")]
    [InlineData("-a", "no repository")]
    [InlineData("a:", "no tag")]
    [InlineData("a:-x", "no tag")]
    [InlineData("a:x y", "no tag")]
    [InlineData("a@sha256:abc", "no digest")]
    [InlineData("a@", "no digest")]
    [InlineData("a@md5:d41d8cd98f00b204e9800998ecf8427e", "no digest")]
    [InlineData("host:port/a", "no registry")]
    [InlineData("-x.example/a", "no registry")]
    [InlineData("http://registry.example/a", "no registry")]
    [InlineData("a\n", "no repository")]
    public void TryParse_Invalid_SaysWhy(string text, string why)
    {
        ImageReference.TryParse(text, out var reference, out var error).ShouldBeFalse();

        reference.ShouldBeNull();
        error.ShouldNotBeNull().ShouldContain(why);
    }

    [Fact]
    public void TryParse_TooLong_Refuses()
    {
        ImageReference.TryParse(new string('a', 256), out _, out var error).ShouldBeFalse();
        error.ShouldNotBeNull().ShouldContain("255");
        ImageReference.TryParse(new string('a', 513), out _, out error).ShouldBeFalse();
        error.ShouldNotBeNull().ShouldContain("512");
        var longest = $"{new string('a', 247)}:{new string('t', 128)}@sha512:{new string('0', 128)}";
        longest.Length.ShouldBe(512);
        ImageReference.TryParse(longest, out _, out _).ShouldBeTrue();
        ImageReference.TryParse(new string('a', 255), out _, out _).ShouldBeTrue();
        ImageReference.TryParse("a:" + new string('t', 129), out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void TryParse_AnyText_IsRefusedOrComesBackAsItWas()
    {
        var text = Gen.ListOf(Gen.Elements("a", "B", "0", ".", "_", "-", "/", ":", "@", "sha256:", Hex, "localhost", "é", " ")).Select(parts => string.Concat(parts));
        Prop.ForAll(text.ToArbitrary(), item => !ImageReference.TryParse(item, out var reference, out _) || reference.ToString() == item)
            .Check(Runs.Of(3000));
    }
}
