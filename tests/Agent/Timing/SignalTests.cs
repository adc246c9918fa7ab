using Harmony.Fleet.Agent.Timing;

namespace Harmony.Fleet.Tests.Agent.Timing;

public sealed class SignalTests
{
    private readonly AutoResetSignal signal = new(TimeProvider.System);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wait_ManySignalsBefore_AreOne()
    {
        signal.Set();
        signal.Set();
        await signal.WaitAsync(Timeout.InfiniteTimeSpan, Stop);
        var second = signal.WaitAsync(Timeout.InfiniteTimeSpan, Stop);
        second.IsCompleted.ShouldBeFalse();
        signal.Set();
        await second;
    }

    [Fact]
    public async Task Wait_NoSignal_EndsWithItsTime() => await signal.WaitAsync(TimeSpan.FromMilliseconds(1), Stop);

    [Fact]
    public async Task Wait_Cancelled_SaysSo()
    {
        using var source = new CancellationTokenSource();
        var wait = signal.WaitAsync(Timeout.InfiniteTimeSpan, source.Token);
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public async Task Set_WhileOrAfterAWaitEnds_IsNeverLost()
    {
        var told = 0;
        for (var round = 0; round < 1_000; round++)
        {
            var wait = signal.WaitAsync(TimeSpan.FromMilliseconds(1), Stop);
            var set = Task.Run(signal.Set, Stop);
            told += await wait ? 1 : 0;
            await set;
            told += await signal.WaitAsync(TimeSpan.Zero, Stop) ? 1 : 0;
        }

        told.ShouldBe(1_000, "each signal is told once");
    }
}
