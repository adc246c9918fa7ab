using Harmony.Fleet.Adapters.Nats.JetStream;
using Harmony.Fleet.Adapters.Nats.KeyValue;

namespace Harmony.Fleet.Tests.Adapters.Nats.KeyValue;

public sealed class HistoryProgressTests
{
    [Fact]
    public void Progress_WithNothingAtTheBeginning_IsComplete() => new HistoryProgress(0).IsComplete.ShouldBeTrue();

    [Fact]
    public void Progress_WithAKeyThatMovedBehindNewerOnes_WaitsForIt()
    {
        var history = new HistoryProgress(2);

        history.CompletesWith(Message(pending: 3)).ShouldBeFalse();
        history.CompletesWith(Message(pending: 2)).ShouldBeFalse();
        history.CompletesWith(Message(pending: 1)).ShouldBeFalse();
        history.CompletesWith(Message(pending: 0)).ShouldBeTrue();
        history.CompletesWith(Message(pending: 0)).ShouldBeFalse();
    }

    [Fact]
    public void Progress_WhenTheLastOnesVanished_CompletesWithTheNextHeartbeat() =>
        new HistoryProgress(2).CompletesWith(new Delivery(default, default, IsIdle: true)).ShouldBeTrue();

    [Fact]
    public void Progress_WithAServerThatCountsWrong_CompletesLongAfterTheBeginning()
    {
        var history = new HistoryProgress(10);

        Enumerable.Range(0, 1044).Any(_ => history.CompletesWith(Message(pending: 1))).ShouldBeFalse();
        history.CompletesWith(Message(pending: 1)).ShouldBeTrue();
    }

    private static Delivery Message(ulong pending) => new(default, new DeliveryOrigin(1, 1, default, pending), IsIdle: false);
}
