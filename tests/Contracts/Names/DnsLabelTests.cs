using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Tests.Contracts.Names;

public sealed class DnsLabelTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("pi-42")]
    [InlineData("a--b")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890123")]
    public void IsValid_Label_True(string text) => DnsLabel.IsValid(text).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("A")]
    [InlineData("a.b")]
    [InlineData("a_b")]
    [InlineData("a b")]
    [InlineData("*")]
    [InlineData(">")]
    [InlineData("a\0")]
    [InlineData("a\n")]
    [InlineData("ä")]
    [InlineData("а")] // Cyrillic
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234")]
    public void IsValid_AnythingElse_False(string text)
    {
        DnsLabel.IsValid(text).ShouldBeFalse();
        DeviceId.TryParse(text, out var device).ShouldBeFalse();
        device.ShouldBe(default);
        Should.Throw<FormatException>(() => DeploymentName.Parse(text)).Message.ShouldContain(DnsLabel.Rule);
    }

    [Fact]
    public void DeploymentKey_Sorts_ByNamespaceThenName()
    {
        DeploymentKey Key(string ns, string name) => new(NamespaceName.Parse(ns), DeploymentName.Parse(name));
        DeploymentKey[] keys = [Key("b", "a"), Key("a", "b"), Key("a", "a")];
        keys.Order().Select(key => key.ToString()).ShouldBe(["a/a", "a/b", "b/a"]);
    }
}
