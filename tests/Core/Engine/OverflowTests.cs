using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>A device has place for 64 deployments: the oldest have theirs, and it says how many have none.</summary>
public sealed class OverflowTests
{
    private const string Full = "pi-full";
    private const string Other = "pi-other";

    private readonly EngineRig rig = new();

    [Fact]
    public void SixtyFour_HaveTheirPlace_AndNothingIsSaid()
    {
        Begin(64);

        Names(Full).Length.ShouldBe(64);
        Condition(Full).ShouldBeNull();
    }

    [Fact]
    public void MoreThanThat_TheDeviceSaysHowMany_AndTheOldestHaveTheirPlace()
    {
        Begin(67);

        Condition(Full).ShouldNotBeNull().ShouldSatisfyAllConditions(
            condition => condition.Status.ShouldBe(ConditionStatus.True),
            condition => condition.Reason.ShouldBe("NoPlace"),
            condition => condition.Message.ShouldBe("3 deployments match and have no place: a device may have 64; the oldest have theirs."));
        Names(Full).ShouldBe([.. Enumerable.Range(1, 64).Select(Name)], ignoreOrder: true);
        Condition(Other).ShouldBeNull();
        Names(Other).ShouldBe([Name(65), Name(66), Name(67)]);
    }

    [Fact]
    public void WhatHasNoPlace_IsPutOnOtherDevicesMeanwhile()
    {
        Begin(67);
        var (full, before) = (Manifests(Full).Count(), Entry(Other, 66).ScoreDigest);

        rig.Step(new FleetEvent.DeploymentSeen(Wanted(66, "localhost/hello:2")), new FleetEvent.DeploymentSeen(Wanted(68)));
        Settle();

        Names(Other).ShouldBe([Name(65), Name(66), Name(67), Name(68)]);
        Entry(Other, 66).ScoreDigest.ShouldNotBe(before);
        Manifests(Full).Count().ShouldBe(full, "nothing of it changed there");
        Condition(Full)!.Message.ShouldStartWith("4 deployments match");
    }

    [Fact]
    public void Leaving_GivesItsPlaceToTheNextOldest_AndTheConditionGoesWithTheLast()
    {
        Begin(67);

        Delete(1, 2);
        Condition(Full)!.Message.ShouldStartWith("1 deployments match");
        Names(Full).ShouldBe([.. Enumerable.Range(3, 64).Select(Name)], ignoreOrder: true);

        Delete(3);
        Condition(Full)!.Status.ShouldBe(ConditionStatus.False);
        Names(Full).ShouldBe([.. Enumerable.Range(4, 64).Select(Name)], ignoreOrder: true);
        Condition(Other).ShouldBeNull();
        Names(Other).ShouldBe([Name(65), Name(66), Name(67)]);
    }

    /// <summary>One of those on a full device is to go and is held, and a younger one has its place meanwhile: none that runs goes for it.</summary>
    [Fact]
    public void FullDevice_WithOneThatIsHeld_LosesNoOther()
    {
        var ages = Enumerable.Range(1, 65).ToDictionary(number => $"app-{66 - number:00}");
        var deployments = ages.Select(age => Deployment(age.Key) is var one ? one with { Metadata = one.Metadata with { CreationTimestamp = DateTimeOffset.UnixEpoch.AddSeconds(age.Value) } } : null!).ToArray();
        rig.Begin(deployments, [.. Enumerable.Range(1, 11).Select(number => Device($"pi-{number}"))]);
        Settle();
        Names("pi-1").ShouldBe(ages.Where(age => age.Value <= 64).Select(age => age.Key), ignoreOrder: true);

        var held = deployments.Single(one => ages[one.Metadata.Name] == 30);
        rig.Step(new FleetEvent.DeploymentSeen(held with { Metadata = held.Metadata with { Generation = 2, ResourceVersion = "2" }, Spec = Deployment("any", "nowhere").Spec }));
        Settle();

        Names("pi-1").ShouldBe(ages.Where(age => age.Value <= 64).Select(age => age.Key), ignoreOrder: true);
    }

    private static string Name(int number) => $"app-{number:00}";

    /// <summary>The 65th and all younger ones match the other device as well.</summary>
    private static Deployment Wanted(int number, string image = "localhost/hello:1")
    {
        var deployment = Deployment(Name(number), image: image, generation: image.EndsWith('1') ? 1 : 2);
        ImmutableArray<string> groups = number > 64 ? ["a", "late"] : ["a"];
        return deployment with
        {
            Metadata = deployment.Metadata with { CreationTimestamp = DateTimeOffset.UnixEpoch.AddSeconds(number) },
            Spec = deployment.Spec with { TargetSelector = new() { MatchExpressions = [new() { Key = "group", Operator = "In", Values = groups }] } },
        };
    }

    private void Begin(int deployments)
    {
        rig.Begin([.. Enumerable.Range(1, deployments).Reverse().Select(number => Wanted(number))], [Device(Full), Device(Other, "late")]);
        Settle();
    }

    private void Delete(params int[] numbers)
    {
        rig.Step([.. numbers.Select(number => new FleetEvent.DeploymentSeen(Deleting(Wanted(number))))]);
        Settle();
    }

    private void Settle()
    {
        rig.Settle();
        rig.Step(TimeSpan.FromSeconds(2));
        rig.Settle();
    }

    private Condition? Condition(string device) => rig.DeviceOf(device).Status?.Conditions.Of(ConditionTypes.TooManyDeployments);

    private IEnumerable<FleetNotice.ManifestStored> Manifests(string device) => rig.Notices.OfType<FleetNotice.ManifestStored>().Where(put => put.Device.Value == device);

    private ImmutableArray<ManifestEntry> Entries(string device) => JsonSerializer.Deserialize(Manifests(device).Last().Step.Bytes, ContractsJson.Bus.DeviceManifest)!.Entries;

    private ManifestEntry Entry(string device, int number) => Entries(device).Single(entry => entry.Name.Value == Name(number));

    private string[] Names(string device) => [.. Entries(device).Select(entry => entry.Name.Value)];
}
