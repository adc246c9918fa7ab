using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

public sealed class RemovalOrderTests
{
    /// <summary>They were ordered letter by letter: web-1, web-10, web-11, web-12, web-2.</summary>
    [Fact]
    public void Held_NamesDevicesAsPeopleCountThem()
    {
        var rig = new EngineRig();
        rig.Begin([Deployment("web")], [.. Enumerable.Range(1, 12).Select(number => Device($"web-{number}"))]);
        rig.Settle();

        rig.Step(TimeSpan.FromSeconds(2), new FleetEvent.DeploymentSeen(Deployment("web", "nowhere", generation: 2)));
        rig.Settle();
        rig.Step(TimeSpan.FromSeconds(2));
        rig.Settle();

        rig.Stored.Status!.Conditions.Of(ConditionTypes.RemovalHeld)!.Message
            .ShouldContain(" 12 others: web-1, web-2, web-3, web-4, web-5, web-6, web-7, web-8, web-9, web-10, web-11, web-12. What");
    }
}
