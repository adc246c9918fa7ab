using Harmony.Fleet.Cli.Parsing;

namespace Harmony.Fleet.Tests.Cli.Parsing;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("64Mi", 67_108_864)]
    [InlineData("1Gi", 1_073_741_824)]
    [InlineData("1.5Gi", 1_610_612_736)]
    [InlineData("512Ki", 524_288)]
    [InlineData("500M", 500_000_000)]
    [InlineData("1k", 1_000)]
    [InlineData("1048576", 1_048_576)]
    public void Memory_AsKubernetesWritesIt_IsParsed(string text, long bytes)
    {
        Quantity.TryParseMemory(text, out var parsed).ShouldBeTrue();
        parsed.ShouldBe(bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("64MB")]
    [InlineData("64 Mi")]
    [InlineData("-1Mi")]
    [InlineData("0")]
    [InlineData("Mi")]
    [InlineData("1e3")]
    [InlineData("99999999999999Ti")]
    [InlineData("9999999999999999999999999999999999")]
    public void Memory_OfNoAmount_IsRefused(string text) => Quantity.TryParseMemory(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("250m", 250)]
    [InlineData("1", 1000)]
    [InlineData("0.5", 500)]
    [InlineData("1.5", 1500)]
    [InlineData("0.001", 1)]
    public void Cpu_AsKubernetesWritesIt_IsParsed(string text, int millicores)
    {
        Quantity.TryParseCpu(text, out var parsed).ShouldBeTrue();
        parsed.ShouldBe(millicores);
    }

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("0")]
    [InlineData("0.5m")]
    [InlineData("0.0001")]
    [InlineData("-1")]
    [InlineData("1 core")]
    [InlineData("99999999")]
    public void Cpu_OfNoAmount_IsRefused(string text) => Quantity.TryParseCpu(text, out _).ShouldBeFalse();
}
