using Harmony.Fleet.Core.Desired;

namespace Harmony.Fleet.Tests.Core.Desired;

public sealed class HeldRemovalsTests
{
    private readonly HeldRemovals removals = new(new() { Count = 3, Fraction = 0.5, Window = TimeSpan.FromMinutes(10) });

    [Fact]
    public void Judge_Many_AreHeldUntilApproved()
    {
        Add(1, devices: 4);

        Judge(1, matched: 3).ShouldBeTrue("it is held now");
        Judge(1, matched: 3).ShouldBeFalse("nothing changed");
        removals.HeldOn(Samples.Key(1)).ShouldBe([.. Enumerable.Range(0, 4).Select(Samples.Device)]);
        removals.TakeMoved().ShouldBeEmpty();

        Judge(1, matched: 3, approved: 3).ShouldBeFalse("it was approved for fewer");
        Judge(1, matched: 3, approved: 4).ShouldBeTrue("it is held no more");
        removals.HeldOn(Samples.Key(1)).ShouldBeEmpty();
        removals.TakeMoved().ShouldBe(Enumerable.Range(0, 4).Select(Samples.Device), ignoreOrder: true);
        removals.TakeMoved().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(3, 0, false)]
    [InlineData(4, 4, false)]
    [InlineData(4, 3, true)]
    [InlineData(4, 0, true)]
    public void Judge_ByNumberAndPart_IsHeld(int devices, int matched, bool isHeld)
    {
        Add(1, devices);
        Judge(1, matched).ShouldBe(isHeld);
        removals.HeldOn(Samples.Key(1)).IsEmpty.ShouldBe(!isHeld);
    }

    [Fact]
    public void Judge_WasHeldByAnEarlierRun_StaysSoThoughFewAreLeft()
    {
        Add(1, devices: 1);
        Judge(1, matched: 100, wasHeld: true).ShouldBeTrue();
        Judge(1, matched: 100).ShouldBeFalse();
        removals.HeldOn(Samples.Key(1)).ShouldBe([Samples.Device(0)]);
    }

    [Fact]
    public void Judge_MoreOrFewerWait_IsTold()
    {
        Add(1, devices: 5);
        Judge(1, matched: 0).ShouldBeTrue();
        removals.Add(Samples.Device(5), Samples.Key(1));
        Judge(1, matched: 0).ShouldBeTrue();
        removals.Drop(Samples.Device(5), Samples.Key(1));
        removals.Drop(Samples.Device(4), Samples.Key(1));
        Judge(1, matched: 0).ShouldBeTrue();
        Judge(1, matched: 0).ShouldBeFalse();
        Judge(9, matched: 0).ShouldBeFalse("nothing of it is to be removed");
    }

    /// <summary>Many small steps are a large one; after a while they are forgotten.</summary>
    [Theory]
    [InlineData(600, true)]
    [InlineData(601, false)]
    public void Judge_SmallSteps_CountTogetherWithinTheWindow(int seconds, bool isHeld)
    {
        Add(1, devices: 3);
        Judge(1, matched: 0).ShouldBeFalse();
        Enumerable.Range(0, 3).ToList().ForEach(device => removals.Remove(Samples.Device(device), Samples.Key(1), Samples.Start));

        removals.Add(Samples.Device(3), Samples.Key(1));
        removals.Judge(Samples.Key(1), Facts(), Samples.Start.AddSeconds(seconds)).ShouldBe(isHeld);
    }

    /// <summary>What an operator before removed counts as long as what this one does; a clock that was ahead does not make it longer.</summary>
    [Theory]
    [InlineData(0, 600, true)]
    [InlineData(0, 601, false)]
    [InlineData(3600, 0, true)]
    public void Judge_OfWhatAnOperatorBeforeRemoved_CountsWithinTheWindow(int at, int seconds, bool isHeld)
    {
        var now = Samples.Start.AddSeconds(seconds);
        removals.Remember(Samples.Key(1), new() { Count = 3, At = Samples.Start.AddSeconds(at) }, now);
        (removals.RecentOf(Samples.Key(1))?.Count ?? 0).ShouldBe(isHeld ? 3 : 0);
        removals.Add(Samples.Device(3), Samples.Key(1));
        removals.Judge(Samples.Key(1), Facts(), now).ShouldBe(isHeld);

        removals.Judge(Samples.Key(2), Facts(), now).ShouldBeFalse("another is judged for itself");
        removals.Drop(Samples.Device(3), Samples.Key(1));
        removals.Judge(Samples.Key(1), Facts(), now.AddSeconds(601));
        removals.RecentOf(Samples.Key(1)).ShouldBeNull();
    }

    /// <summary>Who approves sees how many wait, and not how many it left before: those take nothing from what was approved, and what goes by it does.</summary>
    [Fact]
    public void Judge_Approved_CoversWhatWaits_AndNoMore()
    {
        Add(1, devices: 3);
        Judge(1, matched: 0);
        Enumerable.Range(0, 3).ToList().ForEach(device => removals.Remove(Samples.Device(device), Samples.Key(1), Samples.Start));
        AddMore(3, 2);
        Judge(1, matched: 0).ShouldBeTrue("small steps are a large one");

        Judge(1, matched: 0, approved: 2).ShouldBeTrue("it goes on");
        removals.HeldOn(Samples.Key(1)).ShouldBeEmpty();
        removals.Remove(Samples.Device(3), Samples.Key(1), Samples.Start);
        Judge(1, matched: 0, approved: 2);
        removals.HeldOn(Samples.Key(1)).ShouldBeEmpty("of two one went");

        AddMore(5, 1);
        Judge(1, matched: 0, approved: 2).ShouldBeTrue("of two one went, and two wait");
        removals.HeldOn(Samples.Key(1)).Length.ShouldBe(2);
    }

    [Fact]
    public void Judge_ApprovedForAnOperatorBefore_CountsWhatThatRemoved()
    {
        removals.Remember(Samples.Key(1), new() { Count = 5, At = Samples.Start }, Samples.Start);
        AddMore(5, 2);
        Judge(1, matched: 0, approved: 6).ShouldBeTrue("five of six may have gone");
        removals.HoldOf(Samples.Key(1)).ShouldBe(2, "the approval that is there names the first");
        Judge(1, matched: 0, approved: 2, hold: 2).ShouldBeTrue("two more are approved");
        removals.HeldOn(Samples.Key(1)).ShouldBeEmpty();
    }

    /// <summary>Each hold is approved for itself, also for as many devices as the one before.</summary>
    [Fact]
    public void Judge_HeldAgain_HasTheNextNumber_AndIsApprovedAnew()
    {
        Add(1, devices: 4);
        Judge(1, matched: 0).ShouldBeTrue();
        removals.HoldOf(Samples.Key(1)).ShouldBe(1);
        Judge(1, matched: 0, approved: 4).ShouldBeTrue();
        removals.HoldOf(Samples.Key(1)).ShouldBe(1, "it is being carried out");
        Enumerable.Range(0, 4).ToList().ForEach(device => removals.Remove(Samples.Device(device), Samples.Key(1), Samples.Start));
        Judge(1, matched: 0, approved: 4).ShouldBeFalse("none of it is known to be stored");
        (removals.HoldOf(Samples.Key(1)), removals.RecentOf(Samples.Key(1))).ShouldBe((1, null));
        Confirm(4);
        Judge(1, matched: 0, approved: 4).ShouldBeTrue("it is over");
        (removals.HoldOf(Samples.Key(1)), removals.RecentOf(Samples.Key(1))!.Count).ShouldBe((0, 4));

        AddMore(4, 4);
        Judge(1, matched: 0, approved: 4).ShouldBeTrue("it was for the four before");
        removals.HoldOf(Samples.Key(1)).ShouldBe(2);
        Judge(1, matched: 0, approved: 4, hold: 2).ShouldBeTrue();
        removals.HeldOn(Samples.Key(1)).ShouldBeEmpty();
    }

    /// <summary>What an operator before held is the same hold; what it told that was over is not, and its number is not given again.</summary>
    [Theory]
    [InlineData(true, 0, 7)]
    [InlineData(true, 6, 7)]
    [InlineData(true, 7, 8)]
    [InlineData(false, 0, 8)]
    [InlineData(false, 9, 10)]
    public void Judge_HeldByAnOperatorBefore_GoesOnWithItsNumbers(bool wasHeld, long approved, long hold)
    {
        Add(1, devices: 4);
        removals.Judge(Samples.Key(1), new() { Generation = 1, Approved = new(approved, 3), LastHold = 7, IsFirst = true, WasHeld = wasHeld, IsSameGeneration = true }, Samples.Start).ShouldBeTrue();
        removals.HoldOf(Samples.Key(1)).ShouldBe(hold);
    }

    /// <summary>Devices are counted, and not how often one changes.</summary>
    [Fact]
    public void Judge_OneThatComesAndGoes_IsOneDevice()
    {
        for (var turn = 0; turn < 9; turn++)
        {
            Add(1, devices: 1);
            Judge(1, matched: 0);
            removals.HeldOn(Samples.Key(1)).ShouldBeEmpty();
            removals.Remove(Samples.Device(0), Samples.Key(1), Samples.Start.AddSeconds(turn));
            Confirm(1);
            removals.RecentOf(Samples.Key(1))!.Count.ShouldBe(1);
        }
    }

    [Fact]
    public void Remember_OfOneOfWhichSomethingIsKnown_AddsNothing()
    {
        Add(1, devices: 1);
        removals.Remove(Samples.Device(0), Samples.Key(1), Samples.Start);
        removals.Remember(Samples.Key(1), new() { Count = 30, At = Samples.Start }, Samples.Start);
        Confirm(1);
        removals.RecentOf(Samples.Key(1)).ShouldBe(new() { Count = 1, At = Samples.Start });
    }

    [Fact]
    public void Remove_OfWhatDoesNotWait_CountsNothing()
    {
        Add(1, devices: 1);
        removals.Remove(Samples.Device(9), Samples.Key(1), Samples.Start);
        removals.Remove(Samples.Device(0), Samples.Key(2), Samples.Start);
        removals.RecentOf(Samples.Key(1)).ShouldBeNull();
        removals.IsWaiting(Samples.Device(0), Samples.Key(1)).ShouldBeTrue();
    }

    [Fact]
    public void Forget_ADeployment_LetsItsDevicesMove()
    {
        Add(1, devices: 2);
        Add(2, devices: 1);
        removals.TakeChanged().ShouldBe([Samples.Key(1), Samples.Key(2)], ignoreOrder: true);
        removals.TakeChanged().ShouldBeEmpty();

        removals.Forget(Samples.Key(1));
        removals.TakeMoved().ShouldBe([Samples.Device(0), Samples.Device(1)], ignoreOrder: true);
        removals.IsWaiting(Samples.Device(0), Samples.Key(1)).ShouldBeFalse();
        Judge(1, matched: 0, wasHeld: true).ShouldBeFalse();
    }

    /// <summary>What may have been lost on one device is held there, and holds up no other: one device must not keep a fleet from small changes.</summary>
    [Fact]
    public void Judge_OneThatMayBeLost_IsHeldForItself_UntilApproved()
    {
        removals.Add(Samples.Device(0), Samples.Key(1), isLost: true);
        AddMore(1, 1);
        Judge(1, matched: 50).ShouldBeTrue();
        (removals.IsHeld(Samples.Device(0), Samples.Key(1)), removals.IsHeld(Samples.Device(1), Samples.Key(1))).ShouldBe((true, false));
        (removals.CountOf(Samples.Key(1)), removals.HoldOf(Samples.Key(1))).ShouldBe((1, 1));
        removals.Remove(Samples.Device(1), Samples.Key(1), Samples.Start);

        Judge(1, matched: 50, approved: 1).ShouldBeTrue();
        removals.IsHeld(Samples.Device(0), Samples.Key(1)).ShouldBeFalse();
        removals.TakeMoved().ShouldContain(Samples.Device(0));
    }

    [Fact]
    public void Judge_ManyWithOneThatMayBeLost_AreAllHeld()
    {
        removals.Add(Samples.Device(0), Samples.Key(1), isLost: true);
        AddMore(1, 3);
        Judge(1, matched: 0).ShouldBeTrue();
        removals.CountOf(Samples.Key(1)).ShouldBe(4);

        removals.Add(Samples.Device(0), Samples.Key(1), isLost: false);
        Enumerable.Range(1, 3).ToList().ForEach(device => removals.Drop(Samples.Device(device), Samples.Key(1)));
        Judge(1, matched: 3);
        removals.CountOf(Samples.Key(1)).ShouldBe(1, "once held it stays held");
        removals.Drop(Samples.Device(0), Samples.Key(1));
        removals.CountOf(Samples.Key(1)).ShouldBe(0);
    }

    /// <summary>A status tells a few of thousands.</summary>
    [Fact]
    public void HeldOn_TellsTheFirstByName()
    {
        Add(1, devices: 30);
        Judge(1, matched: 0);
        removals.HeldOn(Samples.Key(1), 3).ShouldBe([Samples.Device(0), Samples.Device(1), Samples.Device(2)]);
        removals.HeldOn(Samples.Key(1)).Length.ShouldBe(30);
        removals.HeldOn(Samples.Key(2), 3).ShouldBeEmpty();
    }

    [Fact]
    public void Drop_OfTheLast_IsHeldNoMore()
    {
        Add(1, devices: 4);
        Judge(1, matched: 0).ShouldBeTrue();
        Enumerable.Range(0, 4).ToList().ForEach(device => removals.Drop(Samples.Device(device), Samples.Key(1)));
        removals.HeldOn(Samples.Key(1)).ShouldBeEmpty();
        Judge(1, matched: 4).ShouldBeTrue("it was told of four");
        removals.TakeMoved().ShouldBeEmpty();
    }

    /// <summary>Those that were approved have the label again, and lose it again: that is another change.</summary>
    [Fact]
    public void Judge_ApprovedForTheSameDevicesBefore_IsApprovedAnew()
    {
        Add(1, devices: 4);
        Judge(1, matched: 0);
        Judge(1, matched: 0, approved: 4);
        Enumerable.Range(0, 4).ToList().ForEach(device => removals.Remove(Samples.Device(device), Samples.Key(1), Samples.Start));
        Add(1, devices: 4);

        Judge(1, matched: 0, approved: 4).ShouldBeTrue("four went, and four wait");
        removals.HoldOf(Samples.Key(1)).ShouldBe(2);
    }

    /// <summary>Who approves saw the devices of one generation; another one may be for others.</summary>
    [Fact]
    public void Judge_HeldAndChanged_HasTheNextNumber()
    {
        Add(1, devices: 4);
        removals.Judge(Samples.Key(1), Facts(), Samples.Start);
        removals.Judge(Samples.Key(1), Facts(approved: 4) with { Generation = 2 }, Samples.Start).ShouldBeTrue();

        removals.HeldOn(Samples.Key(1)).Length.ShouldBe(4);
        removals.HoldOf(Samples.Key(1)).ShouldBe(2);
    }

    /// <summary>A device that is deleted before its manifest was written holds up no end.</summary>
    [Fact]
    public void Forget_ADeviceThatWaitsToBeWritten_EndsTheHold()
    {
        Add(1, devices: 4);
        Judge(1, matched: 0);
        Judge(1, matched: 0, approved: 4);
        Enumerable.Range(0, 4).ToList().ForEach(device => removals.Remove(Samples.Device(device), Samples.Key(1), Samples.Start));
        Confirm(3);
        removals.TakeChanged();
        removals.Forget(Samples.Device(3));

        removals.TakeChanged().ShouldBe([Samples.Key(1)]);
        Judge(1, matched: 0, approved: 4).ShouldBeTrue();
        removals.HoldOf(Samples.Key(1)).ShouldBe(0);
    }

    private void Confirm(int devices) => Enumerable.Range(0, devices).ToList().ForEach(device => removals.Confirm(Samples.Device(device)));

    private void AddMore(int first, int count) =>
        Enumerable.Range(first, count).ToList().ForEach(device => removals.Add(Samples.Device(device), Samples.Key(1)));

    private void Add(int number, int devices) =>
        Enumerable.Range(0, devices).ToList().ForEach(device => removals.Add(Samples.Device(device), Samples.Key(number)));

    private bool Judge(int number, int matched, int approved = 0, bool wasHeld = false, long hold = 1) =>
        removals.Judge(Samples.Key(number), Facts(matched, approved, hold) with { WasHeld = wasHeld, IsSameGeneration = wasHeld }, Samples.Start);

    private static RemovalFacts Facts(int matched = 0, int approved = 0, long hold = 1) => new() { Matched = matched, Generation = 1, Approved = approved == 0 ? default : new(hold, approved) };
}
