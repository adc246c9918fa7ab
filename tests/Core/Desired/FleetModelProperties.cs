using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Selectors;
using static Harmony.Fleet.Tests.Core.Desired.Samples;

namespace Harmony.Fleet.Tests.Core.Desired;

/// <summary>The incremental model against one that keeps only what it was told and computes everything anew, over random histories.</summary>
public sealed class FleetModelProperties
{
    private static readonly string[] Selectors =
        ["", "group=a", "group=b", "group in (a,b)", "group!=a", "group", "!group", "zone=x,group=a", "zone notin (x)", "zone in (x,y),!group", "zone,group=a", "zone",
        "device-id=pi-1", "device-id in (pi-0,pi-2,pi-9)", "device-id", "device-id,group=a", "device-id!=pi-1"];

    private static readonly Gen<(string, string)[]> LabelSets =
        from all in Gen.Constant(new[] { ("group", "a"), ("group", "b"), ("zone", "x"), ("zone", "y") })
        from some in Gen.SubListOf(all)
        select some.DistinctBy(pair => pair.Item1).ToArray();

    private static readonly Gen<ReportedDeployment> Reports =
        from number in Gen.Choose(0, 5)
        from phase in Gen.Elements(Phase.Running, Phase.Running, Phase.Failed, Phase.Pulling)
        from version in Gen.Choose(1, 2)
        from second in Gen.Choose(0, 20)
        from hasError in Gen.Elements(true, false)
        from isCompleted in Gen.Elements(true, false)
        select Says(number, phase, version, error: hasError ? Error(0, $"at {second}", second) : null) with { IsCompleted = isCompleted };

    private static readonly Gen<Step> Steps = Gen.OneOf(
        from number in Gen.Choose(0, 5) from selector in Gen.Elements(Selectors) from version in Gen.Choose(1, 2) from age in Gen.Elements(0, 0, 0, 1)
        select (Step)new Step.Deploy(number, selector, version, age),
        from number in Gen.Choose(0, 5) select (Step)new Step.Undeploy(number),
        from number in Gen.Choose(0, 4) from labels in LabelSets select (Step)new Step.Join(number, labels),
        from number in Gen.Choose(0, 4) select (Step)new Step.Leave(number),
        from number in Gen.Choose(0, 4) from reports in Gen.ListOf(Reports) select (Step)new Step.Report(number, [.. reports]),
        from number in Gen.Choose(0, 4) from reachable in Gen.Elements(true, true, false) select (Step)new Step.Reach(number, reachable));

    [Fact]
    public void Incremental_AnyHistory_EqualsAFullRecount() =>
        Prop.ForAll(Gen.ListOf(Steps).Resize(60).ToArbitrary(), steps =>
        {
            var (model, oracle) = (new FleetModel(), new Oracle());
            var shown = new Shown();
            foreach (var step in steps)
            {
                step.Apply(model);
                oracle.Apply(step);
                shown.Take(model);
                oracle.Compare(model);
                shown.Compare(model, oracle);
            }
        }).Check(Runs.Of(400));

    /// <summary>Changes of deployments that are taken in slices, with all that may happen in between, end where they would at once; what is removed is named by no manifest meanwhile.</summary>
    [Fact]
    public void Incremental_InSlices_EqualsAFullRecountOnceAllDevicesWereVisited() =>
        Prop.ForAll(Gen.ListOf(Gen.Zip(Steps, Gen.Choose(0, 2))).Resize(60).ToArbitrary(), steps =>
        {
            var (model, oracle) = (new FleetModel(), new Oracle());
            var shown = new Shown();
            foreach (var (step, room) in steps)
            {
                model.Room = room;
                model.GoOn();
                step.Apply(model);
                oracle.Apply(step);
                shown.Take(model);
                oracle.CompareNames(model);
            }

            model.Room = int.MaxValue;
            model.GoOn();
            shown.Take(model);
            oracle.Compare(model);
            oracle.CompareVersions(model);
            shown.Compare(model, oracle);
        }).Check(Runs.Of(400));

    /// <summary>What one would show who looks only at what the model says has moved.</summary>
    private sealed class Shown
    {
        private readonly Dictionary<DeviceId, string> manifests = [];
        private readonly Dictionary<DeploymentKey, DeploymentAggregate> aggregates = [];
        private readonly Dictionary<DeviceId, string> overflows = [];

        public void Take(FleetModel model)
        {
            var change = model.TakeChange();
            foreach (var device in change.Manifests)
            {
                manifests[device] = TextOf(model.EntriesOf(device));
            }

            foreach (var key in change.Aggregates)
            {
                aggregates[key] = model.AggregateOf(key);
            }

            foreach (var device in change.Overflows)
            {
                overflows[device] = string.Join(',', model.OverflowOf(device));
            }
        }

        public void Compare(FleetModel model, Oracle oracle)
        {
            foreach (var device in oracle.Devices.Keys)
            {
                manifests[device].ShouldBe(TextOf(model.EntriesOf(device)));
                overflows.GetValueOrDefault(device, string.Empty).ShouldBe(string.Join(',', model.OverflowOf(device)));
            }

            foreach (var key in oracle.Deployments.Keys)
            {
                aggregates[key].ShouldBe(model.AggregateOf(key));
            }
        }
    }

    private sealed class Oracle
    {
        public Dictionary<DeploymentKey, DeploymentIntent> Deployments { get; } = [];

        public Dictionary<DeviceId, Known> Devices { get; } = [];

        public void Apply(Step step)
        {
            switch (step)
            {
                case Step.Deploy deploy:
                    Deployments[Key(deploy.Number)] = deploy.Intent;
                    break;
                case Step.Undeploy undeploy:
                    Deployments.Remove(Key(undeploy.Number));
                    break;
                case Step.Join join:
                    Devices[Device(join.Number)] = (Devices.GetValueOrDefault(Device(join.Number)) ?? new Known()) with { Labels = Labels(join.Labels).WithIdentity(Device(join.Number)) };
                    break;
                case Step.Leave leave:
                    Devices.Remove(Device(leave.Number));
                    break;
                case Step.Report report when Devices.TryGetValue(Device(report.Number), out var known):
                    Devices[Device(report.Number)] = known with { Reports = report.Said };
                    break;
                case Step.Reach reach when Devices.TryGetValue(Device(reach.Number), out var known):
                    Devices[Device(reach.Number)] = known with { IsReachable = reach.IsReachable };
                    break;
                default:
                    break;
            }
        }

        public void Compare(FleetModel model)
        {
            foreach (var key in Deployments.Keys)
            {
                model.AggregateOf(key).ShouldBe(Recount(key));
            }

            foreach (var device in Devices.Keys)
            {
                TextOf(model.EntriesOf(device)).ShouldBe(TextOf(Entries(device)));
            }

            model.Devices.ShouldBe(Devices.Keys, ignoreOrder: true);
            model.Deployments.ShouldBe(Deployments.Keys, ignoreOrder: true);
        }

        /// <summary>Nothing is named, counted or matched that is not there.</summary>
        public void CompareNames(FleetModel model)
        {
            model.Deployments.ToHashSet().SetEquals(Deployments.Keys).ShouldBeTrue();
            Devices.Keys.SelectMany(device => model.EntriesOf(device)).ShouldAllBe(entry => model.Names(new(entry.Namespace, entry.Name), entry.Address));
            foreach (var key in Enumerable.Range(0, 6).Select(Key).Where(key => !Deployments.ContainsKey(key)))
            {
                model.AggregateOf(key).ShouldBe(new());
                Devices.Keys.Any(device => model.IsMatched(device, key) || model.OverflowOf(device).Contains(key) || model.EntriesOf(device).Any(entry => entry.Name == key.Name)).ShouldBeFalse();
            }
        }

        /// <summary>Of each deployment the newest version is named, and no other.</summary>
        public void CompareVersions(FleetModel model)
        {
            for (var number = 0; number <= 5; number++)
            {
                var newest = Deployments.GetValueOrDefault(Key(number))?.Entry.Address;
                foreach (var entry in (ManifestEntry[])[Entry(number, 1), Entry(number, 2)])
                {
                    model.Names(Key(number), entry.Address).ShouldBe(entry.Address == newest);
                }
            }
        }

        private DeploymentAggregate Recount(DeploymentKey key)
        {
            var intent = Deployments[key];
            var verdicts = Devices.Where(device => intent.Selector.Matches(device.Value.Labels)).Select(device => VerdictOf(intent, device.Value)).ToArray();
            return new()
            {
                MatchedDeviceCount = verdicts.Length,
                Succeeded = verdicts.Count(verdict => verdict.State == PairState.Succeeded),
                Completed = verdicts.Count(verdict => verdict.IsCompleted),
                Failed = verdicts.Count(verdict => verdict.State == PairState.Failed),
                Pending = verdicts.Count(verdict => verdict.State == PairState.Pending),
                Unreachable = verdicts.Count(verdict => verdict.State == PairState.Unreachable),
                LastError = verdicts.Select(verdict => verdict.Error).OfType<DeviceError>().OrderBy(error => error.At).ThenBy(error => error.Device).LastOrDefault(),
            };
        }

        private static Verdict VerdictOf(DeploymentIntent intent, Known known)
        {
            var said = known.Reports.Where(item => item.Key == intent.Key).Select(item => (ReportedDeployment?)item).FirstOrDefault();
            var current = said is { } one && one.Identity.Uid == intent.Entry.Uid && one.Identity.ScoreDigest == intent.Entry.ScoreDigest;
            var state = !known.IsReachable ? PairState.Unreachable
                : current && said!.Value.Phase == Phase.Running ? PairState.Succeeded
                : current && said!.Value.Phase == Phase.Failed ? PairState.Failed
                : PairState.Pending;
            return new(state, current ? said!.Value.Error : null, state == PairState.Succeeded && said!.Value.IsCompleted);
        }

        private ImmutableArray<ManifestEntry> Entries(DeviceId device) =>
        [
            .. Deployments.Values.Where(intent => intent.Selector.Matches(Devices[device].Labels))
                .OrderBy(intent => intent.CreatedAt).ThenBy(intent => intent.Key).Take(64)
                .OrderBy(intent => intent.Key).Select(intent => intent.Entry),
        ];
    }

    private static string TextOf(ImmutableArray<ManifestEntry> entries) =>
        string.Join(',', entries.Select(entry => $"{entry.Namespace}/{entry.Name}:{entry.Uid}:{entry.ScoreDigest.Short}"));

    private sealed record Known
    {
        public LabelSet Labels { get; init; } = LabelSet.Empty;

        public bool IsReachable { get; init; }

        public ImmutableArray<ReportedDeployment> Reports { get; init; } = [];
    }

    private abstract record Step
    {
        public abstract void Apply(FleetModel model);

        public sealed record Deploy(int Number, string Selector, int Version, int Age) : Step
        {
            public DeploymentIntent Intent => Samples.Intent(Number, Text(Selector), Version, age: Age);

            public override void Apply(FleetModel model) => model.Upsert(Intent, isWhole: model.Room == int.MaxValue);
        }

        public sealed record Undeploy(int Number) : Step
        {
            public override void Apply(FleetModel model) => model.Remove(Key(Number), isWhole: model.Room == int.MaxValue);
        }

        public sealed record Join(int Number, (string, string)[] Labels) : Step
        {
            public override void Apply(FleetModel model) => model.Upsert(Device(Number), Samples.Labels(Labels));
        }

        public sealed record Leave(int Number) : Step
        {
            public override void Apply(FleetModel model) => model.Remove(Device(Number));
        }

        public sealed record Report(int Number, ImmutableArray<ReportedDeployment> Reports) : Step
        {
            public ImmutableArray<ReportedDeployment> Said =>
                [.. Reports.Select(item => item with { Error = item.Error is null ? null : item.Error with { Device = Device(Number) } })];

            public override void Apply(FleetModel model) => model.Report(Device(Number), Said);
        }

        public sealed record Reach(int Number, bool IsReachable) : Step
        {
            public override void Apply(FleetModel model) => model.SetReachable(Device(Number), IsReachable);
        }
    }
}
