using Harmony.Fleet.Hosting.Services;

namespace Harmony.Fleet.Tests.Hosting.Services;

public sealed class ServiceCommandLineTests
{
    [Theory]
    [InlineData("--config a.json")]
    [InlineData("--config=a.json")]
    public void Parse_Config_Runs(string line) => Parse(line).ShouldBe(new ServiceCommandLine.Run("a.json"));

    [Fact]
    public void Parse_NothingWithADefault_RunsThat() => ServiceCommandLine.Parse([], "/etc/x.json").ShouldBe(new ServiceCommandLine.Run("/etc/x.json"));

    [Fact]
    public void Parse_Questions_AreAnswered()
    {
        Parse("--help").ShouldBeOfType<ServiceCommandLine.Help>();
        Parse("-h").ShouldBeOfType<ServiceCommandLine.Help>();
        Parse("--version").ShouldBeOfType<ServiceCommandLine.Version>();
    }

    [Theory]
    [InlineData("", "--config FILE")]
    [InlineData("--config", "needs a file")]
    [InlineData("--config=", "--config=")]
    [InlineData("--config a b", ": b")]
    [InlineData("--verbose", "--verbose")]
    public void Parse_AnythingElse_IsWrong(string line, string part) => Parse(line).ShouldBeOfType<ServiceCommandLine.Wrong>().Reason.ShouldContain(part);

    private static ServiceCommandLine Parse(string line) => ServiceCommandLine.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), defaultConfig: null);
}
