using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Tests.Cli.Output;

public sealed class DeviceStateTests
{
    [Theory]
    [InlineData("Reachable", ConditionTypes.Reachable)]
    [InlineData("Reachable,Unhealthy", ConditionTypes.Reachable, ConditionTypes.Unhealthy)]
    [InlineData("Reachable,DuplicateIdentity,Unhealthy", ConditionTypes.Reachable, ConditionTypes.Unhealthy, ConditionTypes.DuplicateIdentity)]
    [InlineData("Reachable,IntentLost", ConditionTypes.Reachable, ConditionTypes.IntentLost)]
    [InlineData("Unknown,Unhealthy", ConditionTypes.Unhealthy)]
    public void Word_OfADevice_NamesWhatTroublesIt(string word, params string[] holding) =>
        DeviceState.Word(new Device
        {
            Metadata = new() { Name = "pi-1" },
            Spec = new(),
            Status = new() { Conditions = [.. holding.Select(type => new Condition { Type = type, Status = ConditionStatus.True })] },
        }).Text.ShouldBe(word);
}
