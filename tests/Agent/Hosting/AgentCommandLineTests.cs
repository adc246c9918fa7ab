using Harmony.Fleet.Agent.Hosting;

namespace Harmony.Fleet.Tests.Agent.Hosting;

public sealed class AgentCommandLineTests
{
    [Theory]
    [InlineData("--config agent.json")]
    [InlineData("--config=agent.json")]
    public void Parse_Config_Runs(string line) => AgentCommandLine.Parse(line.Split(' ')).ShouldBe(new AgentCommandLine.Run("agent.json"));

    [Fact]
    public void Parse_Questions_AreAnswered()
    {
        AgentCommandLine.Parse(["--help"]).ShouldBeOfType<AgentCommandLine.Help>();
        AgentCommandLine.Parse(["-h"]).ShouldBeOfType<AgentCommandLine.Help>();
        AgentCommandLine.Parse(["--version"]).ShouldBeOfType<AgentCommandLine.Version>();
    }

    [Theory]
    [InlineData("", "--config FILE")]
    [InlineData("--config", "needs a file")]
    [InlineData("--config=", "--config=")]
    [InlineData("--config a b", "--config a b")]
    [InlineData("--verbose", "--verbose")]
    public void Parse_AnythingElse_IsWrong(string line, string part) =>
        AgentCommandLine.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ShouldBeOfType<AgentCommandLine.Wrong>().Reason.ShouldContain(part);
}
