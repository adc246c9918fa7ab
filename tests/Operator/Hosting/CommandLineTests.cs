using Harmony.Fleet.Operator.Hosting;

namespace Harmony.Fleet.Tests.Operator.Hosting;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--config", "operator.json")]
    [InlineData("--config=operator.json")]
    public void Config_IsTaken(params string[] args) => CommandLine.Parse(args).ShouldBe(new CommandLine("operator.json"));

    [Theory]
    [InlineData]
    [InlineData("--config")]
    [InlineData("--config", "")]
    [InlineData("--config=")]
    [InlineData("operator.json")]
    [InlineData("--config", "operator.json", "--more")]
    public void Anything_Else_IsNotUnderstood(params string[] args) => CommandLine.Parse(args).ShouldBeNull();
}
