using System.Text;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>What stands on devices, and the store or the bus has lost, or cannot judge: it stays there by whatever way and in whatever order that comes to be known.</summary>
public sealed class WhatStandsTests : LossScenario
{
    /// <summary>The backup was made while the Deployment of before was being deleted; since, another was applied under that name and runs. The backup is put back.</summary>
    [Fact]
    public void StoreOfBefore_HasOneOfThatNameThatIsBeingDeleted_WhatRunsStays()
    {
        var old = Deleting(Deployment("web"));
        old = old with { Metadata = old.Metadata with { Uid = "uid-old" } };
        Restart(Rig.Now, [old], [.. Names(30).Select(name => Device(name))], [.. Names(30).Select(name => Seen(name, Present()))]);

        Without().ShouldBeEmpty("the store neither holds uid-web nor knows that it was removed");
    }

    /// <summary>It could not be read, and the manifests were lost: the devices say that they run it. It is put right, with a selector that is wrong by a letter.</summary>
    [Fact]
    public void Unreadable_AndBusLost_AndPutRightWithAnotherSelector_IsHeld()
    {
        BeginUnreadable(30);
        Without().ShouldBeEmpty();
        Newest().ShouldBeEmpty();

        Rig.Step(new FleetEvent.DeploymentSeen(Moved()));
        Settle();

        Without().ShouldBeEmpty("a selector was changed, and 30 devices would lose it");
    }

    /// <summary>The store lost it, and the bus most manifests that name it. It is adopted for those whose manifests are there.</summary>
    [Fact]
    public void Lost_AndAdoptedForThoseWhoseManifestsAreThere_IsHeldOnTheOthers()
    {
        Restart(Rig.Now, [], [.. Names(30).Select(name => Spoken(name))], [.. Names(10).Select(name => Seen(name, Present())), .. Names(30).Skip(10).Select(name => Holds(name, 2, new Generation(2, 5), Present()))]);
        Rig.Lost.ShouldContain(Web);
        Rig.LostAs(Web).SaidBy.Length.ShouldBe(20);

        var adopted = Deployment("web") with { Spec = Deployment("web").Spec with { TargetSelector = new() { MatchExpressions = [new() { Key = ApiGroup.DeviceIdLabel, Operator = "In", Values = [.. Names(10)] }] } } };
        Rig.Step(new FleetEvent.DeploymentSeen(adopted));
        Settle();

        Without().ShouldBeEmpty("20 devices say that they run it");
    }

    /// <summary>It is put right as it was, and is for more devices than are looked at in one step.</summary>
    [Fact]
    public void Unreadable_AndBusLost_AndPutRightAsItWas_IsTakenFromNoneThatItMatches()
    {
        Rig = new EngineRig(Options with { MaxVisits = 3 });
        BeginUnreadable(8);

        Rig.Step(new FleetEvent.DeploymentSeen(Deployment("web")));
        Settle();
        Settle();

        var wrong = Rig.Notices.OfType<FleetNotice.ManifestStored>().Where(put => !Encoding.UTF8.GetString(put.Step.Bytes).Contains("uid-web", StringComparison.Ordinal)).Select(put => put.Device.Value).ToArray();
        wrong.ShouldBeEmpty("it matches all of them");
    }

    /// <summary>It was deleted long ago. One device says that it runs it by an invented uid, and an older copy of the bus names it for another.</summary>
    [Fact]
    public void WhatWasDeleted_DoesNotComeBackByAnInventedUid()
    {
        Rig.Begin([Deployment("web"), Deployment("db", "b")], [Device("pi-01"), Device("pi-99", "other")]);
        Settle();
        Rig.Step(new FleetEvent.DeploymentSeen(Deleting(Deployment("web"))));
        Settle();
        Rig.Step(new FleetEvent.DeploymentGone(Deleting(Deployment("web"))));
        Settle();
        Entries("pi-01").ShouldBeEmpty();

        Rig.Step(Holds("pi-99", 20, new Generation(9, 9), Present() with { Uid = "uid-invented" }));
        Settle();
        Rig.Step(new FleetEvent.WatchRestarted(WatchedBucket.DesiredState, "test"), Seen("pi-01", Present()), new FleetEvent.WatchCaughtUp(WatchedBucket.DesiredState));
        Settle();

        Entries("pi-01").ShouldBeEmpty("the store knows that it was removed");
    }

    /// <summary>The store lost it while the operator ran; it is adopted for the device that has it.</summary>
    [Fact]
    public void MissingAndAdopted_IsCarriedOutAsItIs()
    {
        Rig.Begin([Deployment("web")], [Device("pi-01")]);
        Settle();
        Rig.Step(new FleetEvent.DeploymentsListed([], []));
        Settle();
        Rig.Lost.ShouldContain(Web);
        var web = Deployment("web");
        Rig.Step(new FleetEvent.DeploymentSeen(web with
        {
            Metadata = web.Metadata with { ResourceVersion = "700000" },
            Spec = web.Spec with { TargetSelector = new() { MatchExpressions = [new() { Key = ApiGroup.DeviceIdLabel, Operator = "In", Values = ["pi-01"] }] } },
        }));
        Settle();
        Rig.Step(new FleetEvent.DeviceSeen(Device("pi-02")));
        Settle();

        Entries("pi-02").ShouldBeEmpty("its selector names pi-01 alone");
    }

    /// <summary>The bus is an older copy; ten devices say that they run what was deleted. One device says so with an invented uid.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatWasDeleted_GoesFromDevicesThatSaySo_WhateverOneInvents(bool isInvented)
    {
        var db = Present("db");
        Restart(Rig.Now, [Deployment("db")], [.. Names(10).Select(name => Spoken(name)), Spoken("pi-99")], [.. Names(10).Append("pi-99").Select(name => Seen(name, db)), .. isInvented ? [Holds("pi-99", 2, new Generation(2, 7), Present() with { Uid = "uid-invented" })] : Array.Empty<FleetEvent>()]);
        Rig.Step([.. Names(10).Select(name => Says(name, 2, new Generation(2, 6), db, Present()))]);
        for (var turn = 0; turn < 100; turn++)
        {
            foreach (var find in Rig.Open.OfType<FleetEffect.FindRemoved>().ToArray())
            {
                Rig.Open.Remove(find);
                Rig.Step(new FleetEvent.Finished(find, new EffectResult.RemovedFound([.. find.Uids.Where(uid => uid == "uid-web")])));
            }

            foreach (var other in Rig.Open.Where(effect => effect is FleetEffect.PutManifest).ToArray())
            {
                var put = (FleetEffect.PutManifest)other;
                Rig.Open.Remove(put);
                Rig.Step(new FleetEvent.Finished(put, new EffectResult.ManifestPut(new StoredManifest(1000 + (ulong)turn, put.Step.Digest, put.Step.Generation), IsWritten: true, [])));
            }

            foreach (var score in Rig.Open.Where(effect => effect is FleetEffect.PutScore or FleetEffect.ListScores).ToArray())
            {
                Rig.Open.Remove(score);
                Rig.Step(new FleetEvent.Finished(score, score is FleetEffect.PutScore ? new EffectResult.Done() : new EffectResult.ScoresListed([])));
            }

            Rig.Step(TimeSpan.FromSeconds(1));
        }

        Newest().Select(put => put.Device.Value).Order().Where(name => name != "pi-99").ShouldBe(Names(10), "the store knows that web was deleted");
    }

    /// <summary>It was lost, and somebody applied another one under its name and took that back at once, before it was carried out, or because it was of no use.</summary>
    [Theory]
    [InlineData("gone at once")]
    [InlineData("of no use, and deleted")]
    public void WhatWasLost_StaysWhenAnotherOfItsNameIsDeletedThatNeverRan(string what)
    {
        Restart(Rig.Now, [], [.. Names(30).Select(name => Device(name))], [.. Names(30).Select(name => Seen(name, Present()))]);
        Rig.Lost.ShouldContain(Web);
        var anew = Fresh("web") with { Spec = new() { TargetSelector = Deployment("web").Spec.TargetSelector } };
        anew = anew with { Metadata = anew.Metadata with { Uid = "uid-anew", ResourceVersion = "500" } };
        Rig.Step(new FleetEvent.DeploymentSeen(anew));
        if (what == "gone at once")
        {
            Rig.Step(new FleetEvent.DeploymentGone(anew));
        }
        else
        {
            Settle();
            Rig.Step(new FleetEvent.DeploymentSeen(Deleting(Rig.Stored)));
        }

        Settle();
        Without().ShouldBeEmpty("the store does not know uid-web to have been removed");
    }

    /// <summary>The store lost its last writes, and with them the finalizer; the next operator's write of it takes a while. The manifests name it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FinalizerLost_AndTheStoreIsSlow_NothingIsTakenMeanwhile(bool isUsable)
    {
        var web = Fresh("web");
        web = isUsable ? web : web with { Spec = new() { TargetSelector = web.Spec.TargetSelector } };
        Rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed([web]), .. Listed(Names(30).Select(name => Device(name)))]);
        Rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        var finalizers = Rig.Open.OfType<FleetEffect.PatchFinalizers>().Single();
        Rig.Open.Remove(finalizers);
        Rig.Step([.. Names(30).Select(name => Seen(name, Present())), .. CaughtUp()]);
        Settle();

        Without().ShouldBeEmpty("it is there, and matches all of them");
    }

    /// <summary>The store loses it while the operator runs; a job applies it again, with a selector that is wrong by a letter.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void MissingAndAppliedAgainWithAnotherSelector_IsHeld(int minutesLater)
    {
        Begin(30);
        Rig.Step(new FleetEvent.DeploymentsListed([], []));
        Settle();
        Rig.Lost.ShouldContain(Web);
        var anew = Moved();
        anew = anew with { Metadata = anew.Metadata with { Uid = "uid-anew", ResourceVersion = "900000", CreationTimestamp = minutesLater == 0 ? null : Rig.Now + TimeSpan.FromMinutes(minutesLater) } };
        Rig.Step(new FleetEvent.DeploymentSeen(anew));
        Settle();

        Without().ShouldBeEmpty("it was lost, and 30 devices run it");
    }

    /// <summary>A list did not have it; the answer to a write of before comes after that. Only a list or a watch says that it is there.</summary>
    [Fact]
    public void Missing_AndTheAnswerToAWriteComesLate_IsStillAskedAbout()
    {
        Rig.Begin([Deployment("web")], [Device("pi-01")]);
        Rig.Step(TimeSpan.FromSeconds(2));
        var status = Rig.Open.OfType<FleetEffect.PatchDeploymentStatus>().Single();
        Rig.Open.Remove(status);
        Rig.Step(new FleetEvent.DeploymentsListed([], []));
        Rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.RemovedFound([]));
        Rig.Lost.ShouldBe([Web]);

        Rig.Step(new FleetEvent.Finished(status, new EffectResult.DeploymentStored(status.Resource with { Metadata = status.Resource.Metadata with { ResourceVersion = "5000" } })));

        Rig.Lost.ShouldBe([Web]);
        Rig.Step(TimeSpan.FromSeconds(5));
        Rig.Answer<FleetEffect.FindRemoved>(ask => new EffectResult.RemovedFound(ask.Uids));
        Settle();
        Entries("pi-01").ShouldBeEmpty("it was removed by intent");
    }

    /// <summary>Another one of the name came and went, of which nothing else was told.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnotherOfTheNameIsGone_TheOneThatIsKnownGoesOnlyIfItWasRemoved(bool isRemoved)
    {
        Begin(1);
        var another = Deployment("web");
        Rig.Step(new FleetEvent.DeploymentGone(another with { Metadata = another.Metadata with { Uid = "uid-another" } }));
        Rig.Answer<FleetEffect.FindRemoved>(ask => new EffectResult.RemovedFound(isRemoved ? ask.Uids : []));
        Settle();

        Entries("pi-01").IsEmpty.ShouldBe(isRemoved);
    }

    /// <summary>The store lost it while the operator ran, and it is adopted for fewer devices than run it: what is lost is held from one device on.</summary>
    [Fact]
    public void MissingAndAdoptedForFewer_IsHeldOnTheOthers()
    {
        Begin(30);
        Rig.Step(new FleetEvent.DeploymentsListed([], []));
        Settle();
        var web = Deployment("web");
        Rig.Step(new FleetEvent.DeploymentSeen(web with
        {
            Metadata = web.Metadata with { ResourceVersion = "700000" },
            Spec = web.Spec with { TargetSelector = new() { MatchExpressions = [new() { Key = ApiGroup.DeviceIdLabel, Operator = "In", Values = [.. Names(29)] }] } },
        }));
        Settle();

        Entries("pi-30").ShouldNotBeEmpty();
        Condition().ShouldNotBeNull().Message.ShouldContain("pi-30");
    }

    /// <summary>A hundred devices invent uids, of which 64 are asked about; the honest one behind them is asked about when there is a place.</summary>
    [Fact]
    public void UidBehindManyThatAreInvented_IsAskedAbout_WhenOneIsTakenBack()
    {
        var liars = Enumerable.Range(100, 64).Select(number => $"pi-{number}").ToArray();
        Restart(Rig.Now, [], [.. liars.Append("pi-01").Select(name => Spoken(name))], []);
        foreach (var name in liars)
        {
            Rig.Step(Holds(name, 2, new Generation(9, 9), Present() with { Uid = "uid-of-" + name }));
        }

        Rig.Step(Holds("pi-01", 2, new Generation(2, 9), Present()));
        Settle();
        Rig.LostAs(Web).Uids.ShouldNotContain("uid-web");

        Rig.Step(Nothing(liars[0], 3, new Generation(9, 9)));
        Settle();
        Rig.LostAs(Web).Uids.ShouldContain("uid-web");
    }
}
