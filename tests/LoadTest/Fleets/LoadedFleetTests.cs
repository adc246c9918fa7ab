using Harmony.Fleet.Deploy.NatsServers;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.LoadTest.Fleets;

namespace Harmony.Fleet.Tests.LoadTest.Fleets;

public sealed class LoadedFleetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void NatsOf_AFleetOfSeveralServers_IsAllOfThem(int servers)
    {
        var nats = NatsNode.Of(servers).Select(node => Part(node.Name, 100 + node.Number));

        LoadedFleet.NatsOf([Part("operator", 1), .. nats, Part("device-1", 2)]).ShouldBe(Enumerable.Range(101, servers));
    }

    [Fact]
    public void NatsOf_OneThatIsDown_IsTheOthers() => LoadedFleet.NatsOf([Part("nats-1", 11), Part("nats-2", null), Part("nats-3", 13)]).ShouldBe([11, 13]);

    private static StackPart Part(string name, int? pid) => new() { Name = name, Process = pid is { } known ? new ProcessIdentity(known, 0) : null, LogFile = "/nowhere" };
}
